import path from 'node:path';
import './older-node.ts';

// Loaded only now: parts of the wire look for what older-node.ts provides as soon as they are loaded.
void import('./app.ts').then(({ runApp }) => runApp(path.dirname(__dirname)));
