"""What every Python peer does the same way: announce itself, and end with the process that started it."""

import json
import os
import sys
import threading


def announce(base_url: str, **more: str) -> None:
    """Prints the line that the tests wait for."""
    print("READY " + json.dumps({"baseUrl": base_url, **more}), flush=True)


def end_with_parent() -> None:
    """Ends this process when its standard input is closed, so that a killed test run leaves nothing behind."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()
