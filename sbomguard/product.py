"""What a person declares of the product, since no SBOM shows it: its sector, where it is produced, its radio modules."""

from typing import Any

from msgspec import Struct

from sbomguard.errors import UsageError
from sbomguard.model import Component, Document, Place, Signal


class RadioModule(Struct, frozen=True, kw_only=True):
    """A radio module in the product: its FCC ID as printed on it, and who makes it, as far as that is known."""

    name: str
    fcc_id: str
    manufacturer: str = ""


class Product(Struct, frozen=True, kw_only=True):
    """Declared facts. `sector` is uas, router, power-inverter, robot, vehicle, video-surveillance or other.

    `produced_in` are the countries (ISO 3166-1 alpha-2) of every major stage: design, development, manufacture, assembly. `relies_on` is
    the number of the document of an approval or exemption. `origin` is the file they were read from, `raw` its bytes.
    """

    name: str
    sector: str
    produced_in: tuple[str, ...] = ()
    relies_on: str = ""
    radio_modules: tuple[RadioModule, ...] = ()
    origin: str = "product"
    raw: bytes = b""

    def document(self) -> Document:
        """The radio modules as a document, so that they are matched as any component is."""
        modules = tuple(self._module(number, module) for number, module in enumerate(self.radio_modules))
        return Document(source=self.origin, format="product", version="", serialisation="yaml", components=modules)

    def itself(self) -> Component:
        """The product as a component."""
        return _component(self.name, "device", "hardware", "/product", ())

    def _module(self, number: int, module: RadioModule) -> Component:
        signals = (
            Signal("name", "", "name", "/name", module.name),
            Signal("fcc-id", "", "fcc_id", "/fcc_id", module.fcc_id),
            Signal("party", "manufacturer", "manufacturer", "/manufacturer", module.manufacturer),
        )
        told = tuple(signal for signal in signals if signal.value)
        return _component(module.name, "device", "module", f"/product/radio_modules/{number}", told)


class Places(Struct, frozen=True):
    """Where pointers stand in a product file."""

    raw: bytes

    def locate(self, pointer: str) -> Place:
        """The line of the value at a JSON Pointer; the first line for a product that was made by a program."""
        from sbomguard import yamlfile

        path: list[Any] = [int(part) if part.isdigit() else part for part in pointer.split("/")[1:]]
        line = int(yamlfile.line_of(self.raw, path).removeprefix("line ")) if self.raw else 1
        return Place(line=line, column=1, end_line=line, end_column=2)


def load(path: str) -> Product:
    """Read a product file (YAML: `product:` with its facts). Raises UsageError with file, line and place for every fault."""
    import msgspec

    from sbomguard import yamlfile

    raw = yamlfile.read(path, UsageError)
    facts = yamlfile.parse(raw, path, "product.schema.json", UsageError)["product"]
    return msgspec.convert({**facts, "origin": path.replace("\\", "/"), "raw": raw}, Product)


def _component(name: str, kind: str, component_class: str, pointer: str, signals: tuple[Signal, ...]) -> Component:
    return Component(
        ref="", name=name, version="", type=kind, component_class=component_class, purl="", pointer=pointer, signals=signals, counted=False
    )
