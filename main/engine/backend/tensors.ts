/**
 * TensorFlow.js as the engine uses it. Importing it chooses no backend and loads nothing native: `load.ts` does that.
 */
export * as tf from '@tensorflow/tfjs';
