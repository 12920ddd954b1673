"""`python -m tools.gateway_emulator FOLDER`: serve the emulator, and print how to point a market at it.

`POST /pay/<code>/<payment number>` plays the payer.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from tools.gateway_emulator.server import Emulator, served

PORT = 8900


def main() -> int:
    """Serve until interrupted; the keys lie in the folder that is named."""
    if len(sys.argv) != 2:
        print("usage: python -m tools.gateway_emulator FOLDER", file=sys.stderr)
        return 2
    folder = Path(sys.argv[1]).resolve()
    with served(Emulator(), PORT) as emulator:
        for provider in (emulator.alipay, emulator.wechat):
            for name, value in provider.settings(folder, emulator.address).items():
                print(f"export PIFA_{provider.code.upper()}_{name}={value}", flush=True)
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
