"""Python Keras' side of Grad-CAM: as Keras' own example writes it (keras.io/examples/vision/grad_cam), for a batch."""

import json
import sys

import network

job = json.loads(sys.argv[1])

import keras
import tensorflow as tf

spec = json.load(open(job["spec"]))
model = network.build(spec)
model.layers[-1].activation = None  # the score before softmax
both = keras.Model(model.inputs, [model.get_layer(spec["layer"]).output, model.output])
pictures = tf.constant(network.pictures(job, job["batch"])[0])


def grad_cam(images):
    with tf.GradientTape() as tape:
        activations, scores = both(images, training=False)
        score = tf.reduce_max(scores, axis=1)  # of the most probable class
    gradients = tape.gradient(score, activations)
    weights = tf.reduce_mean(gradients, axis=(1, 2), keepdims=True)
    maps = tf.nn.relu(tf.reduce_sum(activations * weights, axis=-1))
    return maps / tf.reduce_max(maps, axis=(1, 2), keepdims=True), tf.nn.softmax(scores)


if job["function"]:
    grad_cam = tf.function(grad_cam)


def play(steps):
    for _ in range(steps):
        maps, probabilities = grad_cam(pictures)
        maps.numpy(), probabilities.numpy()


network.talk({"keras": keras.__version__, "tensorflow": tf.__version__, "layer": spec["layer"]}, play)
