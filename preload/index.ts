import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { bridgeName, type Bridge } from './contract/bridge.ts';

/** Before Electron 32 a file carries its path itself. */
interface FileWithPath {
  readonly path?: unknown;
}

const bridge: Bridge = {
  connect: (to, key) => ipcRenderer.send('connect', to, key),
  pathOf: (file) => {
    try {
      // Absent before Electron 29.
      if (webUtils as typeof webUtils | undefined) return webUtils.getPathForFile(file as never);
      const { path } = file as FileWithPath;
      return typeof path === 'string' ? path : '';
    } catch {
      return ''; // not a file at all
    }
  },
};

ipcRenderer.on('port', (event, key: unknown) => {
  window.postMessage({ heatlens: 'port', key }, window.origin, event.ports);
});

contextBridge.exposeInMainWorld(bridgeName, bridge);
