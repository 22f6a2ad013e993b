import { serveHdf5 } from './serve-hdf5.ts';

void serveHdf5();
