"""Writes what tf.image, Keras' ImageDataGenerator and scipy make of a piece of a photo, op by op.

    python test/parity/make-augmentation-fixtures.py --photo chelsea.png [--out test/fixtures/parity]

augmentation.json has the cases, augmentation.bin.gz their values: 64ths of a grey level, int16, one case after the other;
first the three images themselves, as bytes.
"""

import argparse
import gzip
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import scipy.ndimage
import tensorflow as tf
from keras.src.legacy.preprocessing import image as legacy

here = pathlib.Path(__file__).resolve().parent
plain = {"fill": "nearest", "fillValue": 0, "interpolation": "bilinear"}
axes = {"row_axis": 0, "col_axis": 1, "channel_axis": 2}


def photo(file):
    whole = tf.io.decode_image(pathlib.Path(file).read_bytes()).numpy()[:, :, :3]
    wide = whole[60:252:8, 96:352:8]  # the cat's eyes, 24 x 32
    grey = tf.image.rgb_to_grayscale(wide).numpy()
    return {"wide": wide, "square": wide[:, 4:28], "grey": grey}


def unit(change):
    """tf.image on an image of 0…1."""
    return lambda x: change(tf.constant(x / np.float32(255))).numpy() * 255


def light():
    of = tf.image
    for delta in (0.2, -0.5):
        yield "wide", [{"op": "brightness", "delta": delta}], unit(lambda x: of.adjust_brightness(x, delta))
    for factor in (0.3, 1.8):
        for image in ("wide", "grey"):
            yield image, [{"op": "contrast", "factor": factor}], unit(lambda x: of.adjust_contrast(x, factor))
    for factor in (0.0, 0.5, 1.7, 10.0):
        yield "wide", [{"op": "saturation", "factor": factor}], unit(lambda x: of.adjust_saturation(x, factor))
    for delta in (0.1, -0.1, 0.5, -0.37):
        yield "wide", [{"op": "hue", "delta": delta}], unit(lambda x: of.adjust_hue(x, delta))
    several = [{"op": "contrast", "factor": 2.5}, {"op": "saturation", "factor": 0.6}, {"op": "hue", "delta": 0.2}]
    yield "wide", several, unit(
        lambda x: of.adjust_hue(of.adjust_saturation(of.adjust_contrast(x, 2.5), 0.6), 0.2)
    )
    for intensity in (-40.0, 25.5):
        yield "wide", [{"op": "channel-shift", "intensity": intensity}], (
            lambda x: legacy.apply_channel_shift(x, intensity, 2)
        )


def places():
    of = tf.image
    yield "wide", [{"op": "flip-left-right"}], unit(of.flip_left_right)
    yield "grey", [{"op": "flip-up-down"}], unit(of.flip_up_down)
    for padding, top, left in [(4, 0, 8), (4, 5, 3), (40, 0, 80)]:
        drawn = {"op": "random-crop", "padding": padding, "top": top, "left": left}

        def crop(x):
            height, width = x.shape[:2]
            padded = of.pad_to_bounding_box(x, padding, padding, height + 2 * padding, width + 2 * padding)
            return of.crop_to_bounding_box(padded, top, left, height, width)

        yield "wide", [drawn], unit(crop)
    for image, top, left, height, width in [("wide", 3, 7, 15, 20), ("grey", 0, 31, 24, 1), ("wide", 23, 0, 1, 32)]:
        drawn = {"op": "crop-and-resize", "top": top, "left": left, "height": height, "width": width}
        yield image, [drawn], unit(
            lambda x: of.resize(of.crop_to_bounding_box(x, top, left, height, width), x.shape[:2])
        )


fills = [{"fill": fill, "fillValue": value} for fill, value in
         [("constant", 77), ("nearest", 0), ("reflect", 0), ("wrap", 0)]]


def geometry():
    """Keras' own on square images: {theta, tx, ty, shear, zx, zy} in its order, each alone and all together."""
    each = [
        ({"theta": 33}, [{"op": "rotation", "degrees": 33}]),
        ({"theta": -150}, [{"op": "rotation", "degrees": -150}]),
        ({"tx": 3.3, "ty": -5.75}, [{"op": "shift", "x": 3.3, "y": -5.75}]),
        ({"tx": -24, "ty": 24}, [{"op": "shift", "x": -24, "y": 24}]),
        ({"shear": 25}, [{"op": "shear", "degrees": 25}]),
        ({"zx": 0.45, "zy": 0.8}, [{"op": "zoom", "x": 0.45, "y": 0.8}]),
    ]
    for keras_names, drawn in each:
        yield "square", drawn, plain, lambda x: legacy.apply_affine_transform(x, **keras_names, **axes)
    names = {"theta": 20, "tx": 2.5, "ty": -4, "shear": -15, "zx": 3.1, "zy": 2.2}
    ours = [
        {"op": "rotation", "degrees": 20},
        {"op": "shift", "x": 2.5, "y": -4},
        {"op": "shear", "degrees": -15},
        {"op": "zoom", "x": 3.1, "y": 2.2},
    ]
    for fill in fills:
        for interpolation, order in (("bilinear", 1), ("nearest", 0)):
            around = {**fill, "interpolation": interpolation}
            given = {"fill_mode": fill["fill"], "cval": fill["fillValue"], "order": order, **axes}
            yield "square", ours, around, lambda x: legacy.apply_affine_transform(x, **names, **given)


def about_centre():
    """scipy on an image that is not square, about its middle, which Keras misses there."""
    turn = np.deg2rad(-40)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) * 1.9
    ours = [{"op": "rotation", "degrees": -40}, {"op": "zoom", "x": 1.9, "y": 1.9}]
    for fill in fills:
        for interpolation, order in (("bilinear", 1), ("nearest", 0)):
            def turned(x):
                middle = np.array(x.shape[:2]) / 2 - 0.5
                given = {"order": order, "mode": fill["fill"], "cval": fill["fillValue"]}
                of = scipy.ndimage.affine_transform
                planes = [of(x[:, :, c], matrix, middle - matrix @ middle, **given) for c in range(x.shape[2])]
                return np.stack(planes, 2)

            yield "wide", ours, {**fill, "interpolation": interpolation}, turned


def generator():
    """A whole ImageDataGenerator.apply_transform."""
    made = legacy.ImageDataGenerator(fill_mode="reflect", data_format="channels_last")
    names = {"theta": 12, "tx": 1.5, "ty": 2, "shear": 8, "zx": 0.9, "zy": 1.15}
    also = {"channel_shift_intensity": 30.0, "flip_horizontal": True, "flip_vertical": True}
    ours = [
        {"op": "rotation", "degrees": 12},
        {"op": "shift", "x": 1.5, "y": 2},
        {"op": "shear", "degrees": 8},
        {"op": "zoom", "x": 0.9, "y": 1.15},
        {"op": "channel-shift", "intensity": 30.0},
        {"op": "flip-left-right"},
        {"op": "flip-up-down"},
    ]
    yield "square", ours, {**plain, "fill": "reflect"}, lambda x: made.apply_transform(x, {**names, **also})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--photo", required=True)
    parser.add_argument("--out", default=str(here.parent / "fixtures" / "parity"))
    given = parser.parse_args()
    images = photo(given.photo)
    cases, values = [], [image.tobytes() for image in images.values()]
    # Each twin is called before the next is made: they look at their loop's names.
    for source in (light(), places(), geometry(), about_centre(), generator()):
        for name, drawn, *between, twin in source:
            around = between[0] if between else plain
            made = np.asarray(twin(images[name].astype(np.float32)))
            assert made.shape == images[name].shape
            values.append(np.round(made * 64).astype("<i2").tobytes())
            cases.append({"image": name, "drawn": drawn, "surroundings": around})
    out = pathlib.Path(given.out)
    shapes = {name: list(image.shape) for name, image in images.items()}
    made_with = {"tensorflow": tf.__version__, "keras": keras.__version__, "scipy": scipy.__version__}
    lines = ",\n".join("    " + json.dumps(case) for case in cases)
    head = f'{{\n  "madeWith": {json.dumps(made_with)},\n  "images": {json.dumps(shapes)},\n  "cases": [\n'
    (out / "augmentation.json").write_text(head + lines + "\n  ]\n}\n")
    (out / "augmentation.bin.gz").write_bytes(gzip.compress(b"".join(values), 9, mtime=0))


main()
