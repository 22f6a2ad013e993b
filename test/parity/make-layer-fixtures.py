"""Writes what Python Keras computes with one layer of each kind: its output, and the gradients of its input and weights.

    python test/parity/make-layer-fixtures.py [--out test/fixtures/parity/layers.json]

A case has its layers as Heatlens writes them (preload/contract/network.ts); from those the layers of Keras are made, so
that names and defaults are compared, too.
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

seed = 1
stream, numbers = fixtures.stream, fixtures.numbers

plain = {"strides": [1, 1], "padding": "valid", "activation": "linear"}


def layer(kind, **settings):
    return {"kind": kind, "name": settings.pop("name", "layer"), **settings}


def conv(**settings):
    return layer("Conv2D", **{"filters": 4, "kernelSize": [3, 3], **plain, **settings})


def after_flatten(*layers):
    return [layer("Flatten", name="flatten"), *layers]


def branches(kind, second="valid"):
    """Two convolutions of the images, joined."""
    a = conv(name="a", inputs=["input"])
    b = conv(name="b", inputs=["input"], filters=2 if kind == "Concatenate" else 4)
    return [a, b, layer(kind, inputs=["a", "b"])]


sliding = {"kernelSize": [3, 3], "depthMultiplier": 1, **plain}
activations = (
    "softmax elu selu gelu silu tanh sigmoid softplus softsign hard_sigmoid hard_silu relu6 leaky_relu mish exponential"
).split()

cases = {
    "Conv2D": [conv()],
    "Conv2D, same, strides, no bias": [conv(padding="same", strides=[2, 2], useBias=False, activation="relu")],
    "Conv2D, other activation": [conv(activation="gelu", strides=[2, 1])],
    "Conv2D, dilated": [conv(dilationRate=[2, 2], activation="tanh")],
    "Conv2D, dilated, same": [conv(dilationRate=[2, 3], padding="same")],
    "DepthwiseConv2D": [layer("DepthwiseConv2D", **sliding)],
    "DepthwiseConv2D, multiplied, same, strides": [
        layer("DepthwiseConv2D", **{**sliding, "depthMultiplier": 2, "padding": "same", "strides": [2, 2]})
    ],
    "DepthwiseConv2D, dilated": [
        layer("DepthwiseConv2D", **{**sliding, "dilationRate": [2, 2], "padding": "same", "activation": "relu"})
    ],
    "SeparableConv2D": [layer("SeparableConv2D", filters=5, **sliding)],
    "SeparableConv2D, multiplied, same": [
        layer("SeparableConv2D", filters=5, **{**sliding, "depthMultiplier": 2, "padding": "same", "activation": "silu"})
    ],
    "Conv2DTranspose": [layer("Conv2DTranspose", filters=4, kernelSize=[3, 3], **plain)],
    "Conv2DTranspose, same, strides": [
        layer("Conv2DTranspose", filters=4, kernelSize=[3, 2], **{**plain, "strides": [2, 2], "padding": "same"})
    ],
    "Conv2DTranspose, valid, strides": [
        layer("Conv2DTranspose", filters=4, kernelSize=[2, 3], **{**plain, "strides": [3, 2], "activation": "elu"})
    ],
    "Dense": after_flatten(layer("Dense", units=4, activation="relu")),
    "Dense, other activation, no bias": after_flatten(layer("Dense", units=4, activation="selu", useBias=False)),
    "BatchNormalization": [layer("BatchNormalization", momentum=0.99, epsilon=0.001, scale=True)],
    "BatchNormalization of values, no center": after_flatten(
        layer("BatchNormalization", momentum=0.9, epsilon=0.01, scale=True, center=False)
    ),
    "LayerNormalization": [layer("LayerNormalization", epsilon=0.001, center=True, scale=True)],
    "LayerNormalization, plain": after_flatten(
        layer("LayerNormalization", epsilon=0.01, center=False, scale=False)
    ),
    "GroupNormalization": [conv(), layer("GroupNormalization", name="norm", groups=2, epsilon=0.001, center=True, scale=True)],
    "GroupNormalization of values, plain": after_flatten(
        layer("GroupNormalization", groups=10, epsilon=0.01, center=False, scale=False)
    ),
    "Normalization": [layer("Normalization")],
    "UnitNormalization": [layer("UnitNormalization")],
    "GlobalMaxPooling2D, keepdims": [conv(), layer("GlobalMaxPooling2D", name="pool", keepDims=True)],
    "GlobalAveragePooling2D, keepdims": [conv(), layer("GlobalAveragePooling2D", name="pool", keepDims=True)],
    **{
        f"{kind}, one place for all": [
            conv(name="a"),
            layer("GlobalAveragePooling2D", name="pool", keepDims=True),
            layer(kind, inputs=["a", "pool"]),
        ]
        for kind in ["Add", "Subtract", "Multiply", "Average", "Maximum"]
    },
    "GlobalMaxPooling2D": [conv(), layer("GlobalMaxPooling2D", name="pool")],
    "GlobalAveragePooling2D": [conv(), layer("GlobalAveragePooling2D", name="pool")],
    "MaxPooling2D": [conv(), layer("MaxPooling2D", name="pool", poolSize=[2, 2], strides=[2, 2], padding="same")],
    "AveragePooling2D": [conv(), layer("AveragePooling2D", name="pool", poolSize=[3, 2], strides=[1, 2], padding="same")],
    "ReLU": [layer("ReLU", maxValue=0.5, negativeSlope=0.25, threshold=0.125)],
    "ReLU, plain": [layer("ReLU", negativeSlope=0, threshold=0)],
    "LeakyReLU": [layer("LeakyReLU", negativeSlope=0.3)],
    "PReLU": [layer("PReLU", alphaInitializer="zeros", sharedAxes=[])],
    "PReLU, shared": [layer("PReLU", alphaInitializer="zeros", sharedAxes=[1, 2])],
    "ELU": [layer("ELU", alpha=1)],
    "ELU, α": [layer("ELU", alpha=0.5)],
    **{f"Activation, {name}": [layer("Activation", activation=name), layer("Flatten", name="flatten")] for name in activations},
    **{kind: branches(kind) for kind in ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"]},
    "Reshape": [layer("Reshape", targetShape=[5, -1])],
    "Permute": [layer("Permute", dims=[3, 1, 2])],
    "ZeroPadding2D": [layer("ZeroPadding2D", padding=[[1, 2], [0, 3]])],
    "Cropping2D": [layer("Cropping2D", cropping=[[1, 2], [0, 1]])],
    "UpSampling2D, nearest": [layer("UpSampling2D", size=[2, 3], interpolation="nearest")],
    "UpSampling2D, bilinear": [layer("UpSampling2D", size=[3, 2], interpolation="bilinear")],
    "Rescaling": [layer("Rescaling", scale=0.5, offset=-0.25)],
    "SpatialDropout2D, predicting": [layer("SpatialDropout2D", rate=0.5)],
    "GaussianNoise, predicting": [layer("GaussianNoise", stddev=0.5)],
}


def keras_layer(settings):
    kind = settings["kind"]
    snake = lambda name: "".join("_" + c.lower() if c.isupper() else c for c in name)
    arguments = {snake(k): v for k, v in settings.items() if k not in ("kind", "inputs")}
    if kind == "PReLU":
        arguments["shared_axes"] = arguments["shared_axes"] or None
    if "keep_dims" in arguments:
        arguments["keepdims"] = arguments.pop("keep_dims")
    return getattr(keras.layers, kind)(**arguments)


def build(layers, shape):
    images = keras.Input(shape)
    made = {"input": keras.layers.Rescaling(1 / 127.5, offset=-1)(images)}
    before = "input"
    for settings in layers:
        taken = [made[name] for name in settings.get("inputs", [before])]
        made[settings["name"]] = keras_layer(settings)(taken if len(taken) > 1 else taken[0])
        before = settings["name"]
    return keras.Model(images, made[before])


def counted(model):
    """Normalization also counts what it has seen, which nothing else uses."""
    return [variable for variable in model.weights if variable.name != "count"]


def fill(model):
    """As test/parity/layers.test.ts: variances and gammas positive, all else within ±1/2."""
    for number, variable in enumerate(counted(model)):
        values = stream(seed, 100 + number, int(np.prod(variable.shape)))
        positive = variable.name in ("moving_variance", "variance", "gamma")
        variable.assign((values + 0.5 if positive else values - 0.5).astype("float32").reshape(variable.shape))
    for each in model.layers:
        if isinstance(each, keras.layers.Normalization):
            each.finalize_state()


def case(name, layers):
    shape = (6, 5, 3)
    model = build(layers, shape)
    fill(model)
    # Normalization by a batch is what training does; predicting, it has no gradient here.
    training = any(each["kind"] == "BatchNormalization" for each in layers)
    pixels = tf.constant(fixtures.images(seed, 400, (2, *shape)))
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        output = model(pixels, training=training)
        factors = stream(seed, 500, int(np.prod(output.shape))).astype("float32").reshape(output.shape)
        loss = tf.reduce_sum(output * factors)
    of_pixels, *of_weights = tape.gradient(loss, [pixels, *model.trainable_variables])
    return {
        "name": name,
        "training": training,
        "layers": layers,
        "shape": list(output.shape[1:]),
        "weights": [{"name": v.name, "shape": list(v.shape)} for v in counted(model)],
        "output": fixtures.sample(output.numpy()),
        "pixels": fixtures.sample(of_pixels.numpy()),
        "gradients": [fixtures.sample(tf.convert_to_tensor(each).numpy()) for each in of_weights],
    }


def pixels():
    """What Keras makes of the same images before a network's first layer."""
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    raw = fixtures.images(seed, 600, (8, 6, 5, 3))
    generator = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True)
    generator.fit(raw)
    ways = {
        "none": raw,
        "divide-255": keras.layers.Rescaling(1 / 255)(raw).numpy(),
        "minus-one-to-one": keras.applications.mobilenet_v2.preprocess_input(raw.copy()),
        "standardize": generator.standardize(raw.copy()),
    }
    return {
        "mean": numbers(generator.mean),
        "deviation": numbers(generator.std),
        "ways": {name: fixtures.sample(values) for name, values in ways.items()},
    }


parser = argparse.ArgumentParser()
parser.add_argument("--out", type=pathlib.Path, default=here.parent / "fixtures" / "parity" / "layers.json")
out = parser.parse_args().out
lines = ",\n".join(json.dumps(case(name, layers), ensure_ascii=False) for name, layers in cases.items())
head = f'"keras": "{keras.__version__}", "seed": {seed}, "pixels": {json.dumps(pixels())}'
out.write_text(f'{{ {head}, "cases": [\n{lines}\n] }}\n')
