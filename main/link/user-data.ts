import envPaths from 'env-paths';
import path from 'node:path';

/** Where this user's preferences and window state lie, the same for every host. `HEATLENS_USER_DATA` moves it. */
export function userDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env['HEATLENS_USER_DATA'];
  return chosen ? path.resolve(chosen) : envPaths('heatlens', { suffix: '' }).config;
}
