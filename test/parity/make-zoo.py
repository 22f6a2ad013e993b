"""Writes what Python Keras says of the networks of keras.applications that the zoo has: parameters, the names and shapes
of their weights in Keras' order, and logits of one picture with weights and pixels from `spread` of make-twins.py.

    python test/parity/make-zoo.py [--out test/fixtures/parity] [--only ID]
"""

import argparse
import gc
import hashlib
import importlib.util
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np

here = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("make_twins", here / "make-twins.py")
twins = importlib.util.module_from_spec(spec)
spec.loader.exec_module(twins)

K = keras.applications
cases = {
    "mobilenet": (K.MobileNet, K.mobilenet, 224),
    "mobilenetv2": (K.MobileNetV2, K.mobilenet_v2, 224),
    "nasnetmobile": (K.NASNetMobile, K.nasnet, 224),
    "densenet121": (K.DenseNet121, K.densenet, 224),
    "resnet50": (K.ResNet50, K.resnet50, 224),
    "resnet101": (K.ResNet101, K.resnet, 224),
    "resnet152": (K.ResNet152, K.resnet, 224),
    "inceptionv3": (K.InceptionV3, K.inception_v3, 299),
    "xception": (K.Xception, K.xception, 299),
    "inceptionresnetv2": (K.InceptionResNetV2, K.inception_resnet_v2, 299),
    "vgg16": (K.VGG16, K.vgg16, 224),
    "vgg19": (K.VGG19, K.vgg19, 224),
    "nasnetlarge": (K.NASNetLarge, K.nasnet, 331),
}


def fill(model):
    """As in test/parity/zoo.test.ts."""
    for layer in model.layers:
        for variable in layer.weights:
            shape = tuple(variable.shape)
            values = twins.spread(f"{layer.name}/{variable.name}", int(np.prod(shape)))
            if variable.name in ("gamma", "moving_variance"):
                values = 1 + values / 4
            elif len(shape) == 1:
                values = values / 10
            else:
                depthwise = len(shape) == 4 and shape[-1] == 1
                values = values * np.sqrt(6 / int(np.prod(shape[:2] if depthwise else shape[:-1])))
            variable.assign(values.astype("float32").reshape(shape))


def case(name):
    make, module, side = cases[name]
    keras.backend.clear_session()
    model = make(weights=None, classifier_activation=None)
    listed = [
        f"{layer.name}/{variable.name} {'x'.join(map(str, variable.shape))}"
        for layer in model.layers
        for variable in layer.weights
    ]
    fill(model)
    pixels = np.floor((twins.spread(f"picture of {name}", side * side * 3) + 1) * 128)
    images = module.preprocess_input(pixels.reshape(1, side, side, 3).astype("float32"))
    logits = model.predict(images, verbose=0)[0]
    return {
        "id": name,
        "parameters": model.count_params(),
        "weights": len(listed),
        "sha256": hashlib.sha256("\n".join(listed).encode()).hexdigest(),
        "largest": twins.numbers(np.abs(logits).max())[0],
        # Every 25th of the thousand.
        "logits": twins.numbers(logits[::25]),
    }


parser = argparse.ArgumentParser()
parser.add_argument("--out", default=here.parent / "fixtures" / "parity", type=pathlib.Path)
parser.add_argument("--only")
args = parser.parse_args()
found = []
for name in [args.only] if args.only else cases:
    found.append(case(name))
    gc.collect()
args.out.mkdir(parents=True, exist_ok=True)
(args.out / "zoo.json").write_text(json.dumps({"keras": keras.__version__, "cases": found}, indent=1) + "\n")
