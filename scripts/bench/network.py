"""A network in Keras from the layers that `out/bench/spec.mjs` writes: Keras' own names and arguments."""

import json
import os
import struct
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np


def build(spec):
    import keras

    L = keras.layers
    images = spec["images"]
    image = L.Input((images["height"], images["width"], images["channels"]))
    made = {"input": image}

    def make(layer):
        kind, name = layer["kind"], layer["name"]
        if kind == "Conv2D":
            return L.Conv2D(
                layer["filters"],
                layer["kernelSize"],
                strides=layer["strides"],
                padding=layer["padding"],
                activation=layer["activation"],
                use_bias=layer.get("useBias", True),
                kernel_initializer=layer.get("initializer", "glorot_uniform"),
                name=name,
            )
        if kind == "Dense":
            initializer = layer.get("initializer", "glorot_uniform")
            return L.Dense(
                layer["units"], activation=layer["activation"], kernel_initializer=initializer, name=name
            )
        if kind in ("MaxPooling2D", "AveragePooling2D"):
            pool = getattr(L, kind)
            return pool(layer["poolSize"], strides=layer["strides"], padding=layer["padding"], name=name)
        if kind == "BatchNormalization":
            settings = {key: layer[key] for key in ("momentum", "epsilon", "scale")}
            return L.BatchNormalization(name=name, **settings)
        if kind == "DepthwiseConv2D":
            return L.DepthwiseConv2D(
                layer["kernelSize"],
                strides=layer["strides"],
                padding=layer["padding"],
                activation=layer["activation"],
                use_bias=layer.get("useBias", True),
                name=name,
            )
        if kind == "ReLU":
            return L.ReLU(layer.get("maxValue"), layer["negativeSlope"], layer["threshold"], name=name)
        if kind == "Activation":
            return L.Activation(layer["activation"], name=name)
        if kind == "Dropout":
            return L.Dropout(layer["rate"], name=name)
        if kind == "ZeroPadding2D":
            return L.ZeroPadding2D(layer["padding"], name=name)
        return getattr(L, kind)(name=name)  # Add, Concatenate, Flatten, GlobalAveragePooling2D

    for layer in spec["layers"]:
        taken = [made[name] for name in layer["inputs"]]
        given = taken[0] if len(taken) == 1 else taken
        # Images have the right size already.
        made[layer["name"]] = given if layer["kind"] == "Resizing" else make(layer)(given)
    ends = [spec["layers"][-1]["name"]] + [output["layer"] for output in spec["auxiliary"]]
    outputs = [made[name] for name in ends]
    return keras.Model(image, outputs if len(outputs) > 1 else outputs[0])


def pictures(job, count):
    """Images as people give them to Keras: float32, 0..1; MNIST's first ones, or numbers made up."""
    shape = (count, job["images"]["height"], job["images"]["width"], job["images"]["channels"])
    if job["data"] == "mnist":
        with open(f"{job['mnist']}/train-images-idx3-ubyte", "rb") as file:
            _, total, height, width = struct.unpack(">IIII", file.read(16))
            pixels = np.frombuffer(file.read(), "uint8").reshape(total, height, width, 1)
        with open(f"{job['mnist']}/train-labels-idx1-ubyte", "rb") as file:
            file.read(8)
            labels = np.frombuffer(file.read(), "uint8")
        return pixels[:count].astype("float32") / 255, labels[:count].astype("int32")
    random = np.random.default_rng(1)
    pixels = random.integers(0, 256, shape, "uint8").astype("float32") / 255
    return pixels, random.integers(0, job["images"]["classes"], count).astype("int32")


def talk(facts, play):
    """The other end of main/bench/talk.ts."""

    def tell(**message):
        print(json.dumps(message), flush=True)

    tell(kind="ready", facts=facts)
    for line in sys.stdin:
        steps = json.loads(line)["steps"]
        processor, started = time.process_time(), time.perf_counter()
        play(steps)
        tell(
            kind="round",
            seconds=time.perf_counter() - started,
            processor=time.process_time() - processor,
        )
    tell(kind="end", peak=peak())


def peak():
    """The most memory there was in RAM, in bytes; 0 where Python cannot say."""
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
