import { mount } from 'svelte';
import '#ui/base.css';
import { openLink } from '#page-link/index.ts';
import { App as AppState } from '#state/app.svelte.ts';
import App from './App.svelte';

const link = await openLink();
const app = new AppState(link);
await app.preferences.load();
mount(App, { target: document.body, props: { app } });
