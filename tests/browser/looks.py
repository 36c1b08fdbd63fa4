"""What every page of the console must be: without faults of axe, whole on a narrow screen."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

_axe = Axe()
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def accessibility_faults(page: Any) -> list[str]:
    """Return what axe finds wrong with the page when it has loaded, one line a rule and place."""
    page.wait_for_function("!document.querySelector('main .loading')")
    found = _axe.run(page, options=_RULES).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]} {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]


def sideways_scroll(page: Any) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def english_left(page: Any) -> list[str]:
    """Return the texts of the page that the pseudo-locale left plain: they bypass the catalogue.

    What comes from the server (names, messages, code) is marked `translate="no"` or is code.
    """
    return list(
        page.evaluate(
            r"""() => {
              const plain = [];
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const text = node.textContent.trim();
                const inside = node.parentElement;
                if (!/[A-Za-z]{3}/.test(text) || !inside || inside.closest(
                  'code,pre,kbd,time,script,style,svg,[translate="no"],noscript')) continue;
                // Intl wrote it: a number with its unit.
                if (/^(\d[\d.,]*\s*(ms|sec|min|hr|days?|byte|[kMGT]B|\/s|%)?\s*)+$/.test(text)) continue;
                if (!/[áéíóúñšţŕļğĝĥçýžÁÉÍÓÚÑŠŢŔĻĜĤÇÝŽ\[\]~]/.test(text)) plain.push(text);
              }
              return plain;
            }"""
        )
    )
