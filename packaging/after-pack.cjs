// electron-builder's hook between putting the files together and signing them.
const { join } = require('node:path');
const { fuseSettings, wireLength } = require('./fuses.cjs');

/** Sets the fuses that this Electron has; electron-builder's own step fails at the first that it has not. */
module.exports = async function afterPack(context) {
  const { appOutDir, electronPlatformName: platform, packager } = context;
  const name = packager.appInfo.productFilename;
  const program =
    platform === 'darwin'
      ? join(appOutDir, `${name}.app`, 'Contents', 'Frameworks', 'Electron Framework.framework', 'Electron Framework')
      : join(appOutDir, platform === 'win32' ? `${name}.exe` : packager.executableName);
  const settings = await packager.generateFuseConfig(fuseSettings(wireLength(program)));
  await packager.addElectronFuses(context, { ...settings, resetAdHocDarwinSignature: platform === 'darwin' });
};
