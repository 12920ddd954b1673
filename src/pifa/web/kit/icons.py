"""Line icons on a 24 × 24 grid, drawn for Pifa; the stroke takes the colour of the text."""

from __future__ import annotations

ICONS: dict[str, str] = {
    "alert": "M12 4 2.8 20h18.4L12 4Zm0 6v4m0 3v.2",
    "bank": "M3 10 12 4l9 6M5 10v8m4.7-8v8m4.6-8v8m4.7-8v8M3 20h18",
    "bell": "M6 16V11a6 6 0 0 1 12 0v5l2 2H4l2-2Zm4 2a2 2 0 0 0 4 0",
    "box": "M4 8l8-4 8 4v8l-8 4-8-4V8Zm0 0 8 4 8-4m-8 4v8",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3.5V7m8-3.5V7",
    "chart": "M4 20h16M6 16v-5m4 5V6m4 10v-7m4 7V4",
    "chat": "M4 5h16v11H9l-5 4V5Zm4 5h8m-8 3h5",
    "check": "m5 12.5 4.5 4.5L19 7",
    "check-circle": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-4 9.3 2.7 2.7 5.3-5.5",
    "chevron-down": "m6 9 6 6 6-6",
    "chevron-left": "m15 5-7 7 7 7",
    "chevron-right": "m9 5 7 7-7 7",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4.5V12l3 2",
    "coin": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-3.5 4.5L12 12l3.5-4.5M12 12v5m-3-4.5h6m-6 2.5h6",
    "company": "M4 20V5h9v15m0-11h7v11M3 20h18M7 9h3m-3 3.5h3M7 16h3m6-3.5h1M16 16h1",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "doc": "M6 3h8l4 4v14H6V3Zm8 0v4h4M9 12h6m-6 4h6",
    "download": "M12 4v11m-4.5-4L12 15.5 16.5 11M4 20h16",
    "edit": "m4 20 1-5L16 4l4 4L9 19l-5 1Zm9.5-13.5 4 4",
    "filter": "M4 5h16l-6 8v6l-4-2v-4L4 5Z",
    "globe": (
        "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-9 9h18M12 3c5 5.5 5 12.5 0 18-5-5.5-5-12.5 0-18Z"
    ),
    "grid": "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
    "help": (
        "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-2.5 7a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7m0 3v.2"
    ),
    "home": "m4 11 8-7 8 7v9h-5v-6H9v6H4v-9Z",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 8v5m0-8.5v.2",
    "list": "M5 4h14v17l-2.3-1.5L14.3 21 12 19.5 9.7 21l-2.4-1.5L5 21V4Zm4 5h6m-6 4h6",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "minus": "M6 12h12",
    "pin": (
        "M12 21s7-6.2 7-11a7 7 0 1 0-14 0c0 4.8 7 11 7 11Zm0-13.5"
        "a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z"
    ),
    "picture": "M4 5h16v14H4zm0 11 5-5 4 4 2.5-2.5L20 17M15.5 9v.2",
    "plus": "M6 12h12M12 6v12",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    "refresh": "M19 9a7.5 7.5 0 1 0 .5 5M19.5 4v5h-5",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm5 11.5L20 20",
    "settings": "M4 7h9m4 0h3M4 17h3m4 0h9M15 4.5v5M9 14.5v5",
    "shield": "M12 3.5 5 6v5.5c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6l-7-2.5Zm-3 8.7 2.2 2.2 4-4.2",
    "shop": (
        "M4 9.5 5.5 4h13L20 9.5a2.7 2.7 0 0 1-5.3 0 2.7 2.7 0 0 1-5.4 0 2.7 2.7 0 0 1-5.3 0Z"
        "M5.5 13v7h13v-7M10 20v-4h4v4"
    ),
    "star": "m12 4 2.5 5.2 5.700.8-4.1 4 1 5.6-5.1-2.7-5.1 2.7 1-5.6-4.1-4 5.7-.8L12 4Z",
    "tag": "M4 4h8l8 8-8 8-8-8V4Zm4.5 4.5v.2",
    "truck": (
        "M3 6h11v10H3zm11 4h4l3 3v3h-7zM7 16.5a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6Zm10 0"
        "a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6Z"
    ),
    "upload": "M12 16V5M7.5 9.5 12 5l4.5 4.5M4 20h16",
    "user": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20c.6-4 3.5-6 7.5-6s6.9 2 7.5 6",
    "users": (
        "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM3 19.5c.5-3.5 2.8-5 6-5s5.5 1.5 6 5"
        "M15.5 5.3a3.5 3.5 0 0 1 0 6.4m2 3.1c2 .6 3.2 2 3.5 4.7"
    ),
    "x": "m6 6 12 12M18 6 6 18",
}
"""Path data by name. Unknown names are an error at render time, so a typo is seen at once."""
