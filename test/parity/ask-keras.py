"""Loads files written by Heatlens with plain Keras, without custom objects, and says what comes of it.

Usage: ask-keras.py JOBS.json; JOBS is a list of
  {"file", "images": raw float32, "shape": [n, h, w, c], "out": raw float32}          -> predictions
  … with "architecture": file, where "file" has the weights alone
  … with "labels": [int], "steps": n, "losses": JSON file, "resave": file
      -> losses of n training steps; the model, saved by Keras; losses of n more
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import keras  # noqa: E402
import numpy as np  # noqa: E402

for job in json.load(open(sys.argv[1])):
    if "architecture" in job:
        model = keras.models.model_from_json(open(job["architecture"]).read())
        model.load_weights(job["file"])
    else:
        model = keras.models.load_model(job["file"], compile="steps" in job)
    images = np.fromfile(job["images"], "<f4").reshape(job["shape"])
    model.predict(images, verbose=0, batch_size=4).astype("<f4").tofile(job["out"])
    if "steps" in job:
        labels = np.array(job["labels"])

        def train(steps):
            losses = []
            for _ in range(steps):
                model.reset_metrics()
                losses.append(float(model.train_on_batch(images, labels, return_dict=True)["loss"]))
            return losses

        losses = train(job["steps"])
        model.save(job["resave"])
        after = {"losses": losses, "iterations": int(model.optimizer.iterations), "more": train(job["steps"])}
        json.dump(after, open(job["losses"], "w"))
