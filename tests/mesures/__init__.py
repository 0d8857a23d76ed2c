"""What `script/bench` and `script/epreuve` share: a figure, its target, a table to read and a file for machines."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measure. `most` or `least` is the target, in the same unit; without either it is only told."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def target(self) -> str:
        if self.most is not None:
            return f"≤ {readable(self.most)}"
        if self.least is not None:
            return f"≥ {readable(self.least)}"
        return ""

    @property
    def ok(self) -> bool | None:
        """None when nothing is asked of it."""
        if self.most is not None:
            return self.value <= self.most
        if self.least is not None:
            return self.value >= self.least
        return None


def readable(value: float) -> str:
    """Three significant figures, French comma, no useless zero."""
    if value == int(value):
        return f"{int(value)}"
    return f"{value:.3g}".replace(".", ",") if abs(value) < 1000 else f"{value:.0f}"


def table(figures: Iterable[Figure]) -> str:
    words = {True: "oui", False: "NON", None: ""}
    rows = [("mesure", "valeur", "unité", "visé", "tenu")]
    rows += [(f.name, readable(f.value), f.unit, f.target, words[f.ok]) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:<{widths[2]}}  {row[3]:<{widths[3]}}  {row[4]}".rstrip()
        for row in rows
    )


def write_json(figures: Iterable[Figure], path: Path) -> None:
    data = {f.name: {"value": f.value, "unit": f.unit, "target": f.target, "ok": f.ok} for f in figures}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
