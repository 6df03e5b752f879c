"""Draw assets/icons/*.png from assets/icon.svg with Chromium; run by hand after a change of the drawing.

python -m web.draw_icons --chromium /usr/bin/chromium
"""

import argparse

from playwright.sync_api import sync_playwright

from web.places import PROJECT

# name: (size, share of the picture the mark takes, ground); phones cut maskable icons to a circle of 80 %.
ICONS = {
    "icon-192.png": (192, 0.92, "transparent"),
    "icon-512.png": (512, 0.92, "transparent"),
    "maskable-512.png": (512, 0.58, "#ffffff"),
    "apple-touch-icon.png": (180, 0.74, "#ffffff"),
    "favicon.png": (48, 1.0, "transparent"),
}


def main() -> None:
    """Write all icons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", default=None)
    asked = parser.parse_args()
    drawing = (PROJECT / "assets" / "icon.svg").read_text("utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=["--no-sandbox"])
        for name, (size, share, ground) in ICONS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(
                f"<style>body{{margin:0;height:100vh;display:grid;place-items:center;background:{ground}}}"
                f"svg{{width:{share:.0%};height:{share:.0%}}}</style>{drawing}"
            )
            page.screenshot(path=PROJECT / "assets" / "icons" / name, omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
