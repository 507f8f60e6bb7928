"""A real Chromium: how long a page takes to draw, and what goes over its socket."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page, WebSocket, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
    "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip

# Every WebGL draw call notes when the frame after it began: by then the picture is on its way to the screen.
_WATCH_DRAWING = """
(() => {
  const seen = { input: 0, drawn: 0 };
  window.kernwijzerSeen = seen;
  addEventListener('keydown', () => { seen.input = performance.now(); }, true);
  let waiting = false;
  const drew = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => requestAnimationFrame(() => { seen.drawn = performance.now(); waiting = false; }));
  };
  for (const kind of [WebGL2RenderingContext, WebGLRenderingContext])
    for (const name of ['drawArrays', 'drawElements', 'drawArraysInstanced', 'drawElementsInstanced']) {
      const draw = kind.prototype[name];
      if (draw) kind.prototype[name] = function (...given) { drew(); return draw.apply(this, given); };
    }
})();
"""
_READY = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
_QUIET_MS = 500


@dataclass
class Window:
    """A page, and the bytes of every frame its sockets carried, both ways."""

    page: Page
    frames: list[int] = field(default_factory=list)

    def settle(self, timeout_ms: float = 60_000) -> None:
        """Wait until the script has run and nothing has been drawn for half a second."""
        self.page.wait_for_function(
            f"{_READY} && performance.now() - kernwijzerSeen.drawn > {_QUIET_MS}", timeout=timeout_ms
        )

    def press(self, key: str) -> tuple[float, int]:
        """Press a key: seconds until the map it redraws is on screen, and bytes over the socket meanwhile."""
        self.settle()
        before = len(self.frames)
        self.page.keyboard.press(key)
        self.page.wait_for_function("kernwijzerSeen.drawn > kernwijzerSeen.input", timeout=30_000)
        self.settle()
        seconds = self.page.evaluate("(kernwijzerSeen.drawn - kernwijzerSeen.input) / 1000")
        return float(seconds), sum(self.frames[before:])


@contextmanager
def window() -> Iterator[Window]:
    """A Chromium window of an office laptop's size."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.add_init_script(_WATCH_DRAWING)
        opened = Window(page)

        def listen(socket: WebSocket) -> None:
            for event in ("framesent", "framereceived"):
                socket.on(event, lambda payload: opened.frames.append(len(payload)))

        page.on("websocket", listen)
        try:
            yield opened
        finally:
            browser.close()
