"""The WSGI application: `granian --interface wsgi pifa.site.wsgi:application`.

With PIFA_WORKER_INSIDE=1 (as `pifa serve` sets it) the background worker runs in here too.
"""

from __future__ import annotations

import atexit
import gc
import os
import threading
from multiprocessing.util import Finalize

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from pifa.site.handlers import Doors

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pifa.site.settings")
application = Doors(get_wsgi_application())
get_resolver().url_patterns  # noqa: B018 - load every face now rather than for the first visitor
# What is loaded stays for good; the collector need not walk it again and again.
gc.collect()
gc.freeze()
# A request makes some thousand objects without cycles; the usual threshold walks them each time.
gc.set_threshold(50_000, 20, 100)

if os.environ.get("PIFA_WORKER_INSIDE") == "1":
    from pifa.metrics import engine
    from pifa.site.worker import BackgroundWorker

    # Beside the first requests: loading what reckons figures takes a second or two.
    threading.Thread(target=engine.prepare, name="pifa-prepare", daemon=True).start()

    worker = BackgroundWorker()
    worker.start()
    # The server's processes are forked and leave by multiprocessing's own door, past atexit.
    Finalize(None, worker.stop, exitpriority=100)
    atexit.register(worker.stop)
