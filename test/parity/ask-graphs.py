"""Runs networks in files of other programs: python ask-graphs.py jobs.json

Each job: format (saved-model, onnx, tflite), file, images (float32), shape [count, ...], out.
"""

import json
import sys

import numpy as np


def saved_model(file, images):
    import tensorflow as tf

    loaded = tf.saved_model.load(file)
    call = loaded.signatures["serving_default"]
    (name,) = call.structured_input_signature[1]
    # Of one and of several images: the batch is free.
    first = call(**{name: tf.constant(images[:1])})["probabilities"].numpy()
    every = call(**{name: tf.constant(images)})["probabilities"].numpy()
    assert np.allclose(first, every[:1], atol=1e-5), "one image alone gives something else"
    return every


def onnx(file, images):
    import onnx as checker
    import onnxruntime

    checker.checker.check_model(file, full_check=True)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()
    first = session.run(None, {given.name: images[:1]})[0]
    every = session.run(None, {given.name: images})[0]
    assert np.allclose(first, every[:1], atol=1e-5), "one image alone gives something else"
    return every


def tflite(file, images):
    import tensorflow as tf

    interpreter = tf.lite.Interpreter(model_path=file)
    interpreter.allocate_tensors()
    (given,), (answer,) = interpreter.get_input_details(), interpreter.get_output_details()
    rows = []
    for image in images:
        interpreter.set_tensor(given["index"], image[None])
        interpreter.invoke()
        rows.append(interpreter.get_tensor(answer["index"])[0])
    return np.stack(rows)


askers = {"saved-model": saved_model, "onnx": onnx, "tflite": tflite}

with open(sys.argv[1]) as file:
    jobs = json.load(file)
for job in jobs:
    images = np.fromfile(job["images"], dtype=np.float32).reshape(job["shape"])
    answers = np.ascontiguousarray(askers[job["format"]](job["file"], images), dtype=np.float32)
    answers.tofile(job["out"])
