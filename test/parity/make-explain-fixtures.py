"""Writes what Python finds with each way of explaining, written from its paper on Keras models and tf.GradientTape.

    python test/parity/make-explain-fixtures.py [--out test/fixtures/parity/explain.json]

Weights and images are drawn as test/parity/explain.test.ts draws them; the layers are Heatlens' own.
"""

import argparse
import importlib.util
import json
import pathlib

here = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("fixtures", here / "make-fixtures.py")
fixtures = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fixtures)

import keras
import numpy as np
import tensorflow as tf

L = keras.layers
seed = 3
shape = (12, 10, 3)
classes = 4
stream, numbers = fixtures.stream, fixtures.numbers


def conv(name, filters, activation, padding="same", strides=(1, 1), **more):
    return {
        "kind": "Conv2D", "name": name, "filters": filters, "kernelSize": [3, 3], "strides": list(strides),
        "padding": padding, "activation": activation, **more,
    }  # fmt: skip


def norm(name):
    return {"kind": "BatchNormalization", "name": name, "momentum": 0.99, "epsilon": 0.001, "scale": True}


def active(name, activation, **more):
    return {"kind": "Activation", "name": name, "activation": activation, **more}


def dense(name, units, activation):
    return {"kind": "Dense", "name": name, "units": units, "activation": activation}


def of(kind, name, **more):
    return {"kind": kind, "name": name, **more}


networks = {
    "plain": [
        conv("conv_1", 6, "relu", "valid"),
        conv("conv_2", 5, "relu"),
        of("MaxPooling2D", "pool", poolSize=[2, 2], strides=[2, 2], padding="valid"),
        of("Flatten", "flatten"),
        dense("hidden", 8, "tanh"),
        dense("answer", "classes", "softmax"),
    ],
    "residual": [
        conv("stem", 6, "linear"),
        norm("stem_norm"),
        active("stem_relu", "relu"),
        conv("a", 6, "linear", useBias=False),
        norm("a_norm"),
        active("a_silu", "silu"),
        conv("b", 6, "linear"),
        of("Add", "add", inputs=["stem_relu", "b"]),
        of("ReLU", "out_relu6", maxValue=6, negativeSlope=0, threshold=0),
        of("GlobalAveragePooling2D", "mean"),
        dense("scores", "classes", "linear"),
        active("answer", "softmax"),
    ],
    "branches": [
        conv("left", 3, "elu", inputs=["input"], strides=(2, 2)),
        conv("right", 4, "relu", inputs=["input"], strides=(2, 2)),
        of("Concatenate", "both", inputs=["left", "right"]),
        of("GlobalAveragePooling2D", "mean"),
        dense("answer", "classes", "linear"),
    ],
}


def build(layers):
    """With the answer before softmax, and every layer's output by its name."""
    image = L.Input(shape)
    made = {"input": image}
    before = "input"
    for each in layers:
        settings = {key: value for key, value in each.items() if key not in ("kind", "inputs")}
        kind, name = each["kind"], each["name"]
        given = [made[other] for other in each.get("inputs", [before])]
        given = given[0] if len(given) == 1 else given
        if name == "answer":
            settings["activation"] = "linear"
        if kind == "Conv2D":
            layer = L.Conv2D(
                settings["filters"], settings["kernelSize"], strides=settings["strides"], padding=settings["padding"],
                activation=settings["activation"], use_bias=settings.get("useBias", True), name=name,
            )  # fmt: skip
        elif kind == "Dense":
            units = classes if settings["units"] == "classes" else settings["units"]
            layer = L.Dense(units, activation=settings["activation"], name=name)
        elif kind == "MaxPooling2D":
            layer = L.MaxPooling2D(settings["poolSize"], settings["strides"], settings["padding"], name=name)
        elif kind == "ReLU":
            layer = L.ReLU(6.0, name=name)
        elif kind == "BatchNormalization":
            layer = L.BatchNormalization(momentum=0.99, epsilon=0.001, name=name)
        elif kind == "Activation":
            layer = L.Activation(settings["activation"], name=name)
        else:
            layer = getattr(L, kind)(name=name)
        made[name] = layer(given)
        before = name
    return keras.Model(image, made[before]), made


def fill(model):
    """By the place of each weight's name among all: the order of layers does not matter."""
    weights = {f"{layer.name}/{weight.name}": weight for layer in model.layers for weight in layer.weights}
    for number, name in enumerate(sorted(weights)):
        weight = weights[name]
        values = stream(seed, 100 + number, int(np.prod(weight.shape)))
        positive = name.endswith(("gamma", "moving_variance"))
        weight.assign((values + 0.5 if positive else (values - 0.45) * 0.6).astype("float32").reshape(weight.shape))


class Reference:
    def __init__(self, layers):
        self.model, self.made = build(layers)
        fill(self.model)

    def logits(self, pixels):
        return self.model(tf.convert_to_tensor(pixels, "float32") / 255.0, training=False).numpy()

    def probability(self, pixels, index):
        return tf.nn.softmax(self.logits(pixels)).numpy()[:, index]

    def at(self, layer, pixels, index):
        """A layer's output, and the gradient of the score by it."""
        both = keras.Model(self.model.input, [self.made[layer], self.model.output])
        with tf.GradientTape() as tape:
            image = tf.constant(pixels[None]) / 255.0
            tape.watch(image)
            output, logits = both(image, training=False)
            score = logits[0, index]
        return output.numpy()[0], tape.gradient(score, output).numpy()[0]

    def gradient(self, pictures, index):
        with tf.GradientTape() as tape:
            images = tf.constant(pictures, "float32")
            tape.watch(images)
            score = tf.reduce_sum(self.model(images / 255.0, training=False)[:, index])
        return tape.gradient(score, images).numpy()

    # Each returns the map before it is divided by its maximum.

    def grad_cam(self, pixels, index, layer):
        output, gradient = self.at(layer, pixels, index)
        return np.maximum((output * gradient.mean((0, 1))).sum(-1), 0)

    def grad_cam_plus_plus(self, pixels, index, layer):
        output, gradient = (x.astype("float64") for x in self.at(layer, pixels, index))
        below = 2 * gradient**2 + gradient**3 * output.sum((0, 1))
        alpha = np.where(gradient == 0, 0, gradient**2 / np.where(below == 0, 1, below))
        return np.maximum((output * (alpha * np.maximum(gradient, 0)).sum((0, 1))).sum(-1), 0)

    def score_cam(self, pixels, index, layer):
        output, _ = self.at(layer, pixels, index)
        channels = [output[..., k] for k in range(output.shape[-1]) if np.ptp(output[..., k]) > 0]
        scores = []
        for channel in channels:
            mask = tf.image.resize(channel[..., None], shape[:2], "bilinear").numpy()
            mask = (mask - mask.min()) / (mask.max() - mask.min())
            scores.append(self.logits((pixels * mask)[None])[0, index])
        weights = tf.nn.softmax(np.asarray(scores, "float64")).numpy()
        return np.maximum(sum(weight * channel for weight, channel in zip(weights, channels)), 0)

    def integrated_gradients(self, pixels, index, steps):
        path = np.stack([pixels * ((step + 0.5) / steps) for step in range(steps)])
        return np.maximum((pixels * self.gradient(path, index).mean(0)).sum(-1), 0)

    def smooth_grad(self, pixels, index, samples, noise, noise_seed):
        next_normal = normal(sfc32(noise_seed, samples))
        deviation = noise * (pixels.max() - pixels.min())
        drawn = np.asarray([next_normal() for _ in range(samples * pixels.size)]).reshape(samples, *pixels.shape)
        return np.abs(self.gradient(pixels + deviation * drawn, index).mean(0)).max(-1)

    def gradients(self, pixels, index):
        return np.abs(self.gradient(pixels[None], index)[0]).max(-1)

    def occlusion(self, pixels, index, patch, stride):
        rows, columns = -(-shape[0] // stride), -(-shape[1] // stride)
        whole = self.probability(pixels[None], index)[0]
        values = np.zeros((rows, columns))
        for row in range(rows):
            for column in range(columns):
                top = int(np.floor((row + 0.5) * stride - patch / 2 + 0.5))
                left = int(np.floor((column + 0.5) * stride - patch / 2 + 0.5))
                copy = pixels.copy()
                copy[max(0, top) : top + patch, max(0, left) : left + patch] = 128
                values[row, column] = whole - self.probability(copy[None], index)[0]
        return np.maximum(values, 0)


def sfc32(seed, number):
    """As main/engine/data/random.ts."""
    a, b, c, counter = 0, seed, number, 1
    most = 2**32 - 1

    def draw():
        nonlocal a, b, c, counter
        total = (a + b + counter) & most
        counter += 1
        a = b ^ (b >> 9)
        b = (c + (c << 3)) & most
        c = ((((c << 21) | (c >> 11)) & most) + total) & most
        return total

    for _ in range(12):
        draw()
    return draw


def normal(draw):
    """As main/engine/model/initial-weights.ts: Box and Muller 1958."""
    kept = []

    def uniform():
        return ((draw() >> 8) + 0.5) / 2**24

    def drawn():
        if kept:
            return kept.pop()
        radius = np.sqrt(-2 * np.log(uniform()))
        angle = 2 * np.pi * uniform()
        kept.append(radius * np.sin(angle))
        return radius * np.cos(angle)

    return drawn


def cases():
    for name, layers in networks.items():
        reference = Reference(layers)
        pixels = fixtures.images(seed, 400, shape)
        logits = reference.logits(pixels[None])[0]
        chosen = {"plain": "conv_2", "residual": "out_relu6", "branches": "both"}[name]
        asked = [
            ("grad-cam", chosen, {}, lambda index: reference.grad_cam(pixels, index, chosen)),
            ("grad-cam++", chosen, {}, lambda index: reference.grad_cam_plus_plus(pixels, index, chosen)),
            ("score-cam", chosen, {}, lambda index: reference.score_cam(pixels, index, chosen)),
            ("integrated-gradients", None, {"steps": 6}, lambda index: reference.integrated_gradients(pixels, index, 6)),
            (
                "smooth-grad",
                None,
                {"samples": 5, "noise": 0.2, "seed": 7},
                lambda index: reference.smooth_grad(pixels, index, 5, 0.2, 7),
            ),
            ("gradients", None, {}, lambda index: reference.gradients(pixels, index)),
            (
                "occlusion",
                None,
                {"patch": 4, "stride": 3},
                lambda index: reference.occlusion(pixels, index, 4, 3),
            ),
        ]
        if name == "residual":
            # Within a branch, beside the shortcut; and before the shortcut leaves.
            asked += [
                ("grad-cam", layer, {}, lambda index, layer=layer: reference.grad_cam(pixels, index, layer))
                for layer in ("a_norm", "stem_relu")
            ]
        for method, layer, options, explain in asked:
            for index in range(2):
                values = explain(index)
                maximum = float(values.max())
                yield {
                    "network": name,
                    "method": method,
                    "layer": layer,
                    "options": options,
                    "class": index,
                    "score": numbers([logits[index]])[0],
                    "maximum": numbers([maximum])[0],
                    "height": values.shape[0],
                    "width": values.shape[1],
                    "values": numbers(values / maximum if maximum > 0 else values),
                }


parser = argparse.ArgumentParser()
parser.add_argument("--out", type=pathlib.Path, default=here.parent / "fixtures" / "parity" / "explain.json")
out = parser.parse_args().out
lines = ",\n".join(json.dumps(each) for each in cases())
head = f'"keras": "{keras.__version__}", "seed": {seed}, "shape": {json.dumps(shape)}, "classes": {classes}'
out.write_text(f'{{ {head}, "networks": {json.dumps(networks)}, "cases": [\n{lines}\n] }}\n')
