"""Writes model files that want something else than to be a model: each small, each refused by name.

    python test/parity/make-attack-files.py [--out test/fixtures/attack-files]

Vulnerabilities of Keras' own loader are named where a file is like theirs.
"""

import argparse
import io
import json
import pathlib
import stat
import zipfile

import h5py
import numpy as np

here = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser()
parser.add_argument("--out", type=pathlib.Path, default=here.parent / "fixtures" / "attack-files")
out = parser.parse_args().out
out.mkdir(parents=True, exist_ok=True)
table = {}


def layer(kind, name, module="keras.layers", registered=None, **config):
    return {"module": module, "class_name": kind, "config": {"name": name, **config}, "registered_name": registered}


def sequential(*more, **config):
    first = layer("InputLayer", "images", batch_shape=[None, 2, 2, 1])
    last = layer("Dense", "out", units=2, activation="softmax")
    inner = {"name": "attack", "layers": [first, layer("Flatten", "flatten"), *more, last], **config}
    return {"module": "keras", "class_name": "Sequential", "config": inner, "registered_name": "Sequential"}


def weights(shape=(4, 2)):
    """The bytes of model.weights.h5 of the network without more layers."""
    held = io.BytesIO()
    with h5py.File(held, "w") as file:
        vars = file.create_group("layers/dense/vars")
        vars.attrs["name"] = "out"
        vars.create_dataset("0", data=np.zeros(shape, "float32"))
        vars.create_dataset("1", data=np.zeros(2, "float32"))
        file.create_group("layers/flatten/vars")
    return held.getvalue()


def keras(name, reason, config=None, text=None, extra=(), h5=None, compress=zipfile.ZIP_STORED):
    with zipfile.ZipFile(out / name, "w", compress) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", text if text is not None else json.dumps(config or sequential()))
        archive.writestr("model.weights.h5", weights() if h5 is None else h5)
        for member, content in extra:
            archive.writestr(member, content)
    table[name] = reason


def h5(name, reason, config=None, text=None, fill=None):
    with h5py.File(out / name, "w") as file:
        file.attrs["keras_version"] = "3.15.1"
        file.attrs["backend"] = "tensorflow"
        file.attrs["model_config"] = text if text is not None else json.dumps(config or sequential())
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = ["flatten", "out"]
        group.create_group("flatten").attrs["weight_names"] = np.zeros((0,))
        own = group.create_group("out")
        own.attrs["weight_names"] = ["out/kernel", "out/bias"]
        own.create_dataset("out/bias", data=np.zeros(2, "float32"))
        if fill is None:
            own.create_dataset("out/kernel", data=np.zeros((4, 2), "float32"))
        else:
            fill(file, own)
    table[name] = reason


# Nothing is wrong with these two: what the others differ from.
keras("fine.keras", "")
h5("fine.h5", "")

# CVE-2024-3660, CVE-2025-9905: code in the file.
code = {"class_name": "__lambda__", "config": {"code": "4wAAAAAAAAAA", "defaults": None, "closure": None}}
run = layer("Lambda", "run", function=code)
keras("lambda.keras", "code of the file’s own", sequential(run))
h5("lambda.h5", "code of the file’s own", sequential(run))
# CVE-2025-1550, CVE-2025-8747, CVE-2025-9906: modules and functions of Python by their names.
keras("module.keras", "not Keras’ own", sequential(layer("Popen", "run", module="subprocess")))
keras("registered.keras", "custom object", sequential(layer("Dense", "run", registered="evil>Dense", units=2)))
function = {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}
keras("activation.keras", "names the module os", sequential(layer("Activation", "run", activation=function)))
builtin = {"module": "builtins", "class_name": "function", "config": "exec", "registered_name": "exec"}
keras("builtin.keras", "does not have, exec", sequential(layer("Activation", "run", activation=builtin)))
popen = {"module": "subprocess", "class_name": "run", "config": {}, "registered_name": None}
keras("initializer.keras", "names the module subprocess", sequential(layer("Dense", "run", units=2, kernel_initializer=popen)))
keras("unknown-layer.keras", "does not have", sequential(layer("TorchModuleWrapper", "run")))
# Names that JavaScript gives a meaning.
text = json.dumps(sequential())
keras("proto.keras", "uses the name __proto__", text=text.replace('"name"', '"__proto__": {"a": 1}, "name"', 1))
escaped = text.replace('"name"', '"\\u005f_proto__": {"a": 1}, "name"', 1)
keras("proto-escaped.keras", "uses the name __proto__", text=escaped)
h5("constructor.h5", "uses the name constructor", text=text.replace('"name"', '"constructor": {}, "name"', 1))
keras("constructor-layer.keras", "does not have", sequential(layer("constructor", "run")))
keras("constructor-activation.keras", "does not have", sequential(layer("Activation", "run", activation="__proto__")))
keras("constructor-initializer.keras", "does not know", sequential(layer("Dense", "run", units=2, kernel_initializer="constructor")))
keras("twice.keras", "says name twice", text=text.replace('"name"', '"name": "x", "name"', 1))
deep = "[" * 1_000_000 + "]" * 1_000_000
keras("deep.keras", "nested too deeply", text=deep, compress=zipfile.ZIP_DEFLATED)
loop = layer("Dense", "a", units=2)
loop |= {"name": "a", "inbound_nodes": [[["a", 0, 0, {}]]]}
cycle = {"class_name": "Functional", "config": {"name": "m", "layers": [loop], "input_layers": [["a", 0, 0]], "output_layers": [["a", 0, 0]]}}
keras("cycle.keras", "from each other", cycle)

# Archives.
keras("path.keras", "out of the archive", extra=[("../evil.txt", "x")])
keras("absolute.keras", "out of the archive", extra=[("/tmp/evil.txt", "x")])
link = zipfile.ZipInfo("assets/link")
link.create_system = 3
link.external_attr = (stat.S_IFLNK | 0o777) << 16
keras("symlink.keras", "link to another file", extra=[(link, "/etc/passwd")])
keras("two-configs.keras", "two members", extra=[("config.json", "{}")])
keras("bomb.keras", "claims to be", text=" " * 100_000 + text, compress=zipfile.ZIP_DEFLATED)
packed = bytearray((out / "bomb.keras").read_bytes())
# The directory's word for the size of config.json: 3 GiB.
entry = packed.rindex(b"PK\x01\x02", 0, packed.rindex(b"config.json"))
packed[entry + 24 : entry + 28] = (3 * 2**30).to_bytes(4, "little")
(out / "bomb.keras").write_bytes(packed)
keras("lying.keras", "is damaged", text=" " * 100_000 + text, compress=zipfile.ZIP_DEFLATED)
packed = bytearray((out / "lying.keras").read_bytes())
# And here: less than there is.
entry = packed.rindex(b"PK\x01\x02", 0, packed.rindex(b"config.json"))
packed[entry + 24 : entry + 28] = (64).to_bytes(4, "little")
(out / "lying.keras").write_bytes(packed)

# Other files than this one: CVE-2026-1669.
h5("soft.h5", "a link to another place", fill=lambda _, own: own.__setitem__("out/kernel", h5py.SoftLink("/model_weights/out/out/bias")))
h5("external-link.h5", "a link into another file", fill=lambda _, own: own.__setitem__("out/kernel", h5py.ExternalLink("/etc/passwd", "/x")))


def external_storage(_, own):
    own.create_dataset("out/kernel", shape=(4, 2), dtype="float32", external=[("/etc/passwd", 0, 32)])


h5("external-storage.h5", "in another file", fill=external_storage)


def virtual(_, own):
    layout = h5py.VirtualLayout(shape=(4, 2), dtype="float32")
    layout[:] = h5py.VirtualSource("/tmp/other.h5", "x", shape=(4, 2))
    own.create_virtual_dataset("out/kernel", layout)


h5("virtual.h5", "from other files", fill=virtual)
# CVE-2026-0897: a small file that claims to be large.
chunked = lambda shape, chunks: lambda _, own: own.create_dataset("out/kernel", shape=shape, dtype="float32", chunks=chunks, compression="gzip")
h5("shape.h5", "16384×16384 in the file", fill=chunked((16384, 16384), (64, 64)))
h5("endless.h5", "claims to have", fill=chunked((2**40, 2**20), (64, 64)))
h5("chunk.h5", "in pieces of", fill=chunked((2**14, 2**14), (2**14, 2**14)))
h5("axes.h5", "has 12 axes", fill=lambda _, own: own.create_dataset("out/kernel", shape=(1,) * 12, dtype="float32"))


def large_type(_, own):
    own.create_dataset("out/kernel", shape=(4, 2), dtype=np.dtype("V1000000"), chunks=(1, 1))


h5("type.h5", "a kind that models do not have", fill=large_type)


def unknown_filter(_, own):
    space = h5py.h5s.create_simple((4, 2))
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((4, 2))
    plist.set_filter(32004, h5py.h5z.FLAG_OPTIONAL, ())
    h5py.h5d.create(own.require_group("out").id, b"kernel", h5py.h5t.IEEE_F32LE, space, plist)


h5("filter.h5", "a filter that is not known", fill=unknown_filter)


def cyclic(file, own):
    own.create_dataset("out/kernel", data=np.zeros((4, 2), "float32"))
    own["again"] = file["/"]


h5("circle.h5", "deep", fill=cyclic)
h5("other-shape.h5", "in the network", fill=lambda _, own: own.create_dataset("out/kernel", data=np.zeros((4, 3), "float32")))
(out / "truncated.h5").write_bytes((out / "fine.h5").read_bytes()[:4000])
table["truncated.h5"] = "not an HDF5 file"
(out / "truncated.keras").write_bytes((out / "fine.keras").read_bytes()[:2000])
table["truncated.keras"] = "not a whole zip archive"

# tfjs: files that do not lie beside it.
manifest = [{"paths": ["../../../etc/passwd"], "weights": [{"name": "out/kernel", "shape": [4, 2], "dtype": "float32"}, {"name": "out/bias", "shape": [2], "dtype": "float32"}]}]
(out / "tfjs-path.json").write_text(json.dumps({"format": "layers-model", "modelTopology": sequential(), "weightsManifest": manifest}))
table["tfjs-path.json"] = "does not lie beside it"

(out / "reasons.json").write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n")
