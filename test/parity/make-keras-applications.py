"""Writes networks of keras.applications with seeded random weights, as .keras and .h5, and what Keras predicts with them.

    python test/parity/make-keras-applications.py --out DIR NAME…
"""

import argparse
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("--out", type=pathlib.Path, required=True)
parser.add_argument("names", nargs="+")
arguments = parser.parse_args()

for name in arguments.names:
    keras.utils.set_random_seed(7)
    model = getattr(keras.applications, name)(weights=None)
    random = np.random.default_rng(5)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            for variable in layer.weights:
                low, high = {"moving_variance": (0.5, 1.5), "gamma": (0.8, 1.2)}.get(variable.name, (-0.1, 0.1))
                variable.assign(random.uniform(low, high, variable.shape).astype("float32"))
        if isinstance(layer, keras.layers.Normalization):
            layer.adapt_mean.assign([0.48, 0.46, 0.41])
            layer.adapt_variance.assign([0.05, 0.05, 0.05])
            layer.finalize_state()
    # Answers that are not flat.
    last = model.layers[-1]
    last.kernel.assign(last.kernel * 8)
    side = model.input_shape[1]
    images = random.uniform(0, 255, (2, side, side, 3)).astype("float32")
    if not name.startswith("EfficientNet"):
        images = images / 127.5 - 1
    model.save(arguments.out / f"{name}.keras")
    model.save(arguments.out / f"{name}.h5")
    images.tofile(arguments.out / f"{name}.images")
    model.predict(images, verbose=0).tofile(arguments.out / f"{name}.probabilities")
    keras.backend.clear_session()
