"""Writes small files of models as Python Keras 3 writes them, as Keras 2 did, and what Keras computes with them.

    python test/parity/make-keras-files.py [--out test/fixtures/keras-files]

Keras 2 is not asked: what it wrote is made from Keras 3's by its own layout (keras/src/legacy/saving/), with arrays'
names ending in `:0`, names as bytes of fixed length, and configs without modules.
"""

import argparse
import importlib.util
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
here = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("fixtures", here / "make-fixtures.py")
fixtures = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fixtures)

import h5py
import keras
import numpy as np
from keras import layers
from keras.src.legacy.saving import legacy_h5_format

parser = argparse.ArgumentParser()
parser.add_argument("--out", type=pathlib.Path, default=here.parent / "fixtures" / "keras-files")
out = parser.parse_args().out
out.mkdir(parents=True, exist_ok=True)
seed = 3
expected = {}


def fill(model, seed=11):
    """Weights that make it no constant, normalizations among them."""
    random = np.random.default_rng(seed)
    for layer in model.layers:
        if hasattr(layer, "layers"):
            fill(layer, seed + 1)
            continue
        for variable in layer.weights:
            if "seed" in variable.path or variable.name == "count":
                continue
            positive = variable.name in ("variance", "moving_variance", "gamma")
            values = random.uniform(0.5, 1.5, variable.shape) if positive else random.normal(0, 0.3, variable.shape)
            variable.assign(values.astype("float32"))
        if isinstance(layer, layers.Normalization) and layer.input_mean is None:
            layer.finalize_state()


def expect(name, model, files, **more):
    pixels = fixtures.images(seed, 40, (4, *model.input_shape[1:])).astype("float32")
    probabilities = model.predict(pixels, verbose=0)
    expected[name] = {
        "files": files,
        "input": list(model.input_shape[1:]),
        "probabilities": [round(float(value), 9) for value in probabilities.ravel()],
        "parameters": int(sum(np.prod(v.shape) for v in model.weights if "seed" not in v.path and v.name != "count")),
        **more,
    }


def both(name, model, endings=("keras", "h5"), **more):
    files = [f"{name}.{ending}" for ending in endings]
    for file in files:
        model.save(out / file)
    expect(name, model, files, **more)


# A network of the tutorials, trained for three steps.
keras.utils.set_random_seed(1)
tutorial = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(4, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dropout(0.25),
        layers.Dense(3, activation="softmax"),
    ],
    name="tutorial",
)
tutorial.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
tutorial.fit(fixtures.images(seed, 80, (12, 8, 8, 1)), np.arange(12) % 3, batch_size=4, epochs=1, verbose=0)
both("tutorial", tutorial, optimizer="Adam", step=3)
tutorial.save_weights(out / "tutorial.weights.h5")
(out / "tutorial.json").write_text(tutorial.to_json())

# Much of what layers can be told.
images = keras.Input((12, 10, 3), name="images")
x = layers.Rescaling([1 / 255, 1 / 127.5, 1 / 64], offset=[0.0, -1.0, 0.5], name="by_channel")(images)
x = layers.Normalization(name="adapted")(x)
x = layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[0.5, 0.6, 2.0], name="told")(x)
x = layers.RandomFlip("horizontal", name="flip")(x)
x = layers.Conv2D(6, 3, padding="same", kernel_initializer="he_normal", kernel_regularizer="l2", name="first>conv")(x)
x = layers.BatchNormalization(name="bn")(x)
x = layers.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.2, name="clipped")(x)
a = layers.DepthwiseConv2D(3, padding="same", dilation_rate=2, depth_multiplier=2, activation="hard_silu", name="deep")(x)
a = layers.GroupNormalization(groups=4, name="groups")(a)
b = layers.SeparableConv2D(12, 3, padding="same", activation="silu", name="apart")(x)
b = layers.LayerNormalization(name="layered")(b)
x = layers.Add(name="sum")([a, b])
s = layers.GlobalAveragePooling2D(keepdims=True, name="squeeze")(x)
s = layers.Conv2D(12, 1, activation="hard_sigmoid", name="excite")(s)
x = layers.Multiply(name="scaled")([x, s])
x = layers.PReLU(shared_axes=[1, 2], name="prelu")(x)
x = layers.SpatialDropout2D(0.1, name="spatial")(x)
x = layers.ZeroPadding2D(((1, 0), (0, 1)), name="pad")(x)
x = layers.Cropping2D(((0, 1), (1, 0)), name="crop")(x)
x = layers.Conv2DTranspose(6, 3, strides=2, padding="same", name="up")(x)
x = layers.LeakyReLU(0.2, name="leaky")(x)
x = layers.MaxPooling2D(3, strides=2, padding="same", name="pool")(x)
x = layers.AveragePooling2D(2, padding="same", name="mean")(x)
x = layers.UpSampling2D(2, interpolation="bilinear", name="larger")(x)
x = layers.CenterCrop(5, 4, name="centre")(x)
x = layers.UnitNormalization(name="unit")(x)
x = layers.Concatenate(name="beside")([x, layers.ELU(name="elu")(x)])
x = layers.Permute((2, 1, 3), name="turned")(x)
x = layers.GlobalMaxPooling2D(name="most")(x)
x = layers.Reshape((12,), name="row")(x)
x = layers.GaussianNoise(0.1, name="noise")(x)
x = layers.Dense(5, name="scores")(x)
features = keras.Model(images, layers.Softmax(name="answers")(x), name="features")
fill(features)
# Figures that are arguments are weights here.
both("features", features, notes=["flip", "first>conv", "regularizers", "by_channel"], figures=12)

# A network on another, whose layers stay as they are.
base_input = keras.Input((12, 12, 3))
y = layers.Conv2D(4, 3, name="conv")(base_input)
y = layers.BatchNormalization(name="bn")(y)
y = layers.Activation("relu", name="relu")(y)
base = keras.Model(base_input, y, name="base")
base.trainable = False
transfer = keras.Sequential(
    [
        keras.Input((12, 12, 3)),
        keras.Sequential([layers.RandomFlip(), layers.Rescaling(1 / 127.5, offset=-1)], name="first"),
        base,
        layers.Conv2D(5, 3, name="conv"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(4, activation="softmax", name="head"),
    ],
    name="transfer",
)
fill(transfer)
both("transfer", transfer, frozen=["conv", "bn"])
functional_input = keras.Input((12, 12, 3))
z = layers.Dense(4, name="head")(layers.GlobalAveragePooling2D(name="pool")(base(functional_input, training=False)))
nested = keras.Model(functional_input, layers.Activation("softmax", name="answers")(z), name="nested")
fill(nested)
both("nested", nested, endings=("keras",))

# Numbers in names that are not those of the file.
keras.backend.clear_session()
numbered = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        layers.Conv2D(2, 3, name="conv2d_93"),
        layers.BatchNormalization(name="batch_normalization_93"),
        layers.Conv2D(3, 3, name="conv2d_94"),
        layers.Flatten(name="flatten_1"),
        layers.Dense(4, activation="softmax", name="predictions"),
    ],
    name="numbered",
)
fill(numbered)
both("numbered", numbered, endings=("h5",))
with h5py.File(out / "numbered-legacy.h5", "w") as file:
    legacy_h5_format.save_weights_to_hdf5_group(file, numbered)


# As Keras 2 wrote them.
def strings(names):
    return np.array([name.encode() for name in names]) if names else np.zeros((0,))


def weights_as_keras_2(group, model, names):
    group.attrs["layer_names"] = strings([layer.name for layer in model.layers])
    group.attrs["backend"] = np.bytes_("tensorflow")
    group.attrs["keras_version"] = np.bytes_("2.15.0")
    for layer in model.layers:
        own = group.create_group(layer.name)
        arrays = [(f"{layer.name}/{names.get((type(layer).__name__, v.name), v.name)}:0", v) for v in layer.weights]
        arrays = [(name, v) for name, v in arrays if "seed" not in v.path]
        own.attrs["weight_names"] = strings([name for name, _ in arrays])
        for name, variable in arrays:
            own.create_dataset(name, data=np.array(variable))


def config_as_keras_2(model):
    def plain(value):
        if isinstance(value, dict) and "class_name" in value and "config" in value and "module" in value:
            if value["class_name"] == "DTypePolicy":
                return value["config"]["name"]
            return {"class_name": value["class_name"], "config": plain(value["config"])}
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items() if key not in ("build_config", "registered_name")}
        return [plain(each) for each in value] if isinstance(value, (list, tuple)) else value

    def layer(of):
        config = plain(of["config"])
        if "batch_shape" in config:
            config["batch_input_shape"] = config.pop("batch_shape")
            config.pop("optional", None)
        if of["class_name"] == "LeakyReLU":
            config["alpha"] = config.pop("negative_slope")
        made = {"class_name": of["class_name"], "config": config}
        if "inbound_nodes" in of:
            made["name"] = of["name"]
            made["inbound_nodes"] = [
                [[*t["config"]["keras_history"], {}] for t in (a if isinstance(a, list) else [a])]
                for node in of["inbound_nodes"]
                for a in node["args"]
            ]
        return made

    config = json.loads(model.to_json())
    inner = config["config"]
    made = {"name": inner["name"], "layers": [layer(each) for each in inner["layers"]]}
    if "input_layers" in inner:
        made["input_layers"] = [inner["input_layers"]]
        made["output_layers"] = [inner["output_layers"]]
    return {"class_name": config["class_name"], "config": made}


second = keras.Input((8, 8, 3), name="input_1")
v = layers.ZeroPadding2D(1, name="pad")(second)
v = layers.Conv2D(4, 3, strides=2, name="Conv1")(v)
v = layers.BatchNormalization(axis=3, name="bn_Conv1")(v)
v = layers.ReLU(6.0, name="relu")(v)
w = layers.DepthwiseConv2D(3, padding="same", use_bias=False, name="depthwise")(v)
w = layers.LeakyReLU(0.1, name="leaky")(w)
v = layers.Add(name="add")([v, w])
v = layers.SeparableConv2D(6, 3, name="separable")(v)
v = layers.GlobalAveragePooling2D(name="pool")(v)
older = keras.Model(second, layers.Dense(3, activation="softmax", name="predictions")(v), name="older")
fill(older)
names = {("DepthwiseConv2D", "kernel"): "depthwise_kernel"}
with h5py.File(out / "older.h5", "w") as file:
    file.attrs["backend"] = np.bytes_("tensorflow")
    file.attrs["keras_version"] = np.bytes_("2.15.0")
    file.attrs["model_config"] = json.dumps(config_as_keras_2(older)).encode()
    weights_as_keras_2(file.create_group("model_weights"), older, names)
with h5py.File(out / "older-weights.h5", "w") as file:
    weights_as_keras_2(file, older, names)
(out / "older.json").write_text(json.dumps({**config_as_keras_2(older), "keras_version": "2.15.0", "backend": "tensorflow"}))
expect("older", older, ["older.h5"])

(out / "expected.json").write_text(
    json.dumps({"keras": keras.__version__, "seed": seed, "models": expected}, indent=1) + "\n"
)
