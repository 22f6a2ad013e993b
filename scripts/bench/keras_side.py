"""Python Keras' side of the bench: `fit` and `predict_on_batch` as they are meant to be used."""

import json
import sys

import network

job = json.loads(sys.argv[1])

import keras
import tensorflow as tf

facts = {"keras": keras.__version__, "tensorflow": tf.__version__}
if job["work"] == "start":
    tf.constant(1.0) + 1.0
    network.talk(facts, lambda steps: None)
    sys.exit()

model = network.build(json.load(open(job["spec"])))
jit = {"auto": "auto", "on": True, "off": False}[job["jit"]]

if job["work"] == "export":
    model(network.pictures(job, 1)[0])  # Keras exports what has been called
    model.export(job["file"], format="onnx", verbose=False)
    print(json.dumps({"kind": "ready", "facts": facts}))
    sys.exit()

if job["work"] == "fine-tune":
    for layer in json.load(open(job["spec"]))["layers"]:
        model.get_layer(layer["name"]).trainable = layer.get("trainable", True)

if job["work"] in ("train", "fine-tune"):
    many = len(model.outputs)
    classes = ["sparse_categorical_crossentropy"] * many
    model.compile(
        optimizer=keras.optimizers.Adam(job["learningRate"]),
        loss=classes if many > 1 else classes[0],
        loss_weights=[1.0, *[output["lossWeight"] for output in json.load(open(job["spec"]))["auxiliary"]]],
        metrics=[["accuracy"]] * many if many > 1 else ["accuracy"],
        jit_compile=jit,
    )
    x, y = network.pictures(job, job["steps"] * job["batch"])

    def play(steps):
        count = steps * job["batch"]
        target = [y[:count]] * many if many > 1 else y[:count]
        model.fit(x[:count], target, batch_size=job["batch"], epochs=1, verbose=0)

else:
    model.compile(jit_compile=jit)
    x, _ = network.pictures(job, job["batch"])

    def play(steps):
        for _ in range(steps):
            model.predict_on_batch(x)


facts["jit"] = bool(model.jit_compile)
network.talk(facts, play)
