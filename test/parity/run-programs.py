"""Runs programs that Heatlens wrote, one after the other in one process: TensorFlow takes seconds to begin.

Its argument is a JSON file: [{"folder": …, "arguments": […]}, …]. Prints what they print.
"""

import json
import sys

OWN = ("train", "network", "images", "augment", "classes")

for job in json.load(open(sys.argv[1])):
    sys.path.insert(0, job["folder"])
    for name in OWN:
        sys.modules.pop(name, None)
    import train

    sys.argv = ["train.py", *job["arguments"]]
    print(f"## {job['folder']} {' '.join(job['arguments'])}", flush=True)
    train.main()
    train.keras.backend.clear_session()
    train.keras.saving.get_custom_objects().clear()
    sys.path.pop(0)
