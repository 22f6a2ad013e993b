/** launch.py: workers on one machine, as several machines would be. */
export const launchText = String.raw`"""Starts workers on this machine that train together, as several machines would.

    python launch.py --workers 2 -- --epochs 3

What stands after -- goes to train.py. On a machine with GPUs each worker sees its own.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

TRAIN = Path(__file__).resolve().parent / "train.py"


def free_ports(count):
    """Ports of the loopback that nobody has now; all are held at once, so that they differ."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def start(index, workers, gpus, arguments):
    task = {"type": "worker", "index": index}
    surroundings = dict(os.environ)
    surroundings["TF_CONFIG"] = json.dumps({"cluster": {"worker": workers}, "task": task})
    if gpus:
        surroundings["CUDA_VISIBLE_DEVICES"] = gpus[index % len(gpus)]
    return subprocess.Popen([sys.executable, str(TRAIN), *arguments], env=surroundings)


def gpus_here():
    """Numbers of the GPUs, as nvidia-smi counts them, or those that CUDA_VISIBLE_DEVICES leaves."""
    if "CUDA_VISIBLE_DEVICES" in os.environ:
        named = os.environ["CUDA_VISIBLE_DEVICES"].split(",")
        return [each for each in named if each not in ("", "-1")]
    try:
        listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return [str(number) for number, _ in enumerate(listed.stdout.splitlines())]


def main():
    parser = argparse.ArgumentParser(description="Trains with several workers on this machine.")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("arguments", nargs="*", help="after --: for train.py")
    options = parser.parse_args()
    workers = [f"127.0.0.1:{port}" for port in free_ports(options.workers)]
    gpus = gpus_here()
    # Stopped, it stops them too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = []
    try:
        for index in range(options.workers):
            started.append(start(index, workers, gpus, options.arguments))
        while True:
            codes = [each.poll() for each in started]
            # One that fails would leave the others waiting for ever.
            failed = next((code for code in codes if code), None)
            if failed is not None:
                raise SystemExit(failed if failed > 0 else 1)
            if all(code == 0 for code in codes):
                return
            time.sleep(0.2)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    finally:
        for each in started:
            if each.poll() is None:
                each.terminate()
        for each in started:
            try:
                each.wait(10)
            except subprocess.TimeoutExpired:
                each.kill()


if __name__ == "__main__":
    main()
`;
