/** Folder of the weights' files, as keras/src/applications has it. */
const place = 'https://storage.googleapis.com/tensorflow/keras-applications/';
/** What a file is called that comes from TensorFlow and not from Theano. */
export const kernels = 'weights_tf_dim_ordering_tf_kernels';

/** @param file from that folder @param md5 as that program expects it; null where it expects none */
export const kerasWeights = (file: string, md5: string | null) => ({ url: place + file, md5 });

const figures = 'figures from keras.io/api/applications';
/** Paper, figures, licence. @param licence of the weights, as the functions' descriptions have it */
export const cited = (paper: string, licence: string) => `${paper}; ${figures}; weights: ${licence}`;
/** Weights that the makers of Keras trained or took from TensorFlow. */
export const apache = 'Apache-2.0 (Keras, TensorFlow)';
