"""Python's side of a film beside its heat-map, as people write it: ffmpeg, Keras and tf.GradientTape, frame by frame."""

import json
import os
import subprocess
import sys

import network

job = json.loads(sys.argv[1])

import keras
import numpy as np
import tensorflow as tf

spec = json.load(open(job["spec"]))
model = network.build(spec)
model.layers[-1].activation = None  # the score before softmax
both = keras.Model(model.inputs, [model.get_layer(spec["layer"]).output, model.output])
width, height = 640, 272
side = job["images"]["height"]
steps = np.arange(256) / 255
jet = np.stack([np.clip(1.5 - np.abs(4 * steps - peak), 0, 1) for peak in (3, 2, 1)], axis=-1) * 255


def source():
    """The film that the other side has."""
    made = os.path.join(job["folder"], f"film-{job['steps']}.mp4")
    return made if os.path.exists(made) else job["film"]


def grad_cam(image):
    with tf.GradientTape() as tape:
        activations, scores = both(image, training=False)
        score = tf.reduce_max(scores, axis=1)
    gradients = tape.gradient(score, activations)
    weights = tf.reduce_mean(gradients, axis=(1, 2), keepdims=True)
    heat = tf.nn.relu(tf.reduce_sum(activations * weights, axis=-1))[0]
    return (heat / (tf.reduce_max(heat) + 1e-9)).numpy(), int(tf.argmax(scores[0]))


def play(count):
    reading = ["ffmpeg", "-v", "error", "-i", source(), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    size = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{2 * width}x{height}", "-r", "25", "-i", "-"]
    coding = ["-c:v", "libx264", "-crf", "20", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    out = os.path.join(job["folder"], "python.mp4")
    decoder = subprocess.Popen(reading, stdout=subprocess.PIPE)
    encoder = subprocess.Popen(["ffmpeg", "-v", "error", "-y", *size, *coding, out], stdin=subprocess.PIPE)
    for _ in range(count):
        frame = np.frombuffer(decoder.stdout.read(width * height * 3), "uint8").reshape(height, width, 3)
        left = (width - height) // 2
        middle = frame[:, left : left + height].astype("float32") / 255
        heat, _ = grad_cam(tf.image.resize(middle[None], (side, side), antialias=True))
        large = tf.image.resize(heat[..., None], (height, height)).numpy()[..., 0]
        overlay = frame.astype("float32")
        colours = jet[(large * 255).astype("uint8")]
        overlay[:, left : left + height] = overlay[:, left : left + height] * 0.5 + colours * 0.5
        encoder.stdin.write(np.concatenate([frame, overlay.astype("uint8")], axis=1).tobytes())
    encoder.stdin.close()
    decoder.stdout.read()
    if decoder.wait() != 0 or encoder.wait() != 0:
        raise RuntimeError("ffmpeg failed")


network.talk({"keras": keras.__version__, "tensorflow": tf.__version__, "layer": spec["layer"]}, play)
