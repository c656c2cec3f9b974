"""Other computers: files of theirs are opened in Import, and a stick is prepared that scans them."""

from __future__ import annotations

from pathlib import Path

from app.imports.formats import machine_endings
from cmdb.model.messages import Message, tr, trn
from ui.context import Context
from ui.text_size import set_sizes
from ui.widgets.buttons import Button
from ui.widgets.card import Card
from ui.widgets.file_dialog import ask_for_folder, ask_to_open
from ui.widgets.flow_layout import flow
from ui.widgets.labels import Heading, Text
from ui.widgets.layout import STRETCH, row
from ui.widgets.page_states import Icon
from ui.widgets.written_file import say_written

_STICK_FOLDER = "terrier-scan"
_PROMISE = Message(
    "Prepare a stick with what scans Windows, macOS and Linux where Terrier is not installed, or let another agent "
    "write inventory files in GLPI's format. Bring the files here; each becomes a record, or updates its own."
)


class OtherComputers(Card):
    """Says how other computers are scanned; who comes to it is at the choice of files."""

    def __init__(self, context: Context) -> None:
        super().__init__(margins=(24, 22, 24, 22))
        self.context = context
        theme = context.theme
        self.add(row(Icon(theme, "folder", "muted", 32), STRETCH))
        self.body.addSpacing(6)
        self.add(Heading(tr("Other computers"), 2))
        self.add(Text(tr("Inventory files"), "muted"))
        self.body.addSpacing(4)
        self.add(Text(str(_PROMISE), wrap=True))
        self.body.addSpacing(10)
        files = Button(tr("Choose files…"), self.choose_files, icon="open", theme=theme)
        folder = Button(tr("From a folder or stick…"), self.choose_folder, icon="folder", theme=theme)
        stick = Button(tr("Prepare a stick…"), self.choose_stick, icon="download", theme=theme)
        self.add(flow(files, folder, stick, spacing=8))
        self.body.addStretch(1)
        set_sizes(self, least_height=250)
        self.setFocusProxy(files)

    def choose_files(self) -> None:
        """Asks for inventory files and opens them in Import."""
        workspace = self.context.workspace
        endings = " ".join(f"*{ending}" for ending in machine_endings(workspace.plugins.importers()))
        kinds = ";;".join((tr("Inventory files and captures ({endings})", endings=endings), tr("All files (*)")))
        paths = ask_to_open(workspace.settings, self, "inventory", tr("Import inventory files"), kinds)
        if paths:
            self.context.shell.go("import", files=[str(path) for path in paths])

    def choose_folder(self) -> None:
        """Asks for a folder and opens the inventory files in it in Import."""
        settings = self.context.workspace.settings
        found = ask_for_folder(settings, self, "inventory", tr("Folder with inventory files"))
        if found is not None:
            self.take_folder(found)

    def take_folder(self, folder: Path) -> None:
        """Opens the inventory files of a folder, and of the folders in it, in Import."""

        def work() -> tuple[list[Path], int]:
            from app.imports.dropped_files import inventories_in

            return inventories_in(folder, self.context.workspace.plugins.importers())

        def done(answer: tuple[list[Path], int]) -> None:
            found, others = answer
            if not found:
                missing = tr("There is no inventory file in {folder}.", folder=folder.name)
                self.context.shell.toast(missing, tone="warning")
                return
            self.context.shell.go("import", files=[str(path) for path in found])
            if others:
                self.context.shell.toast(
                    trn("{count} other file was left out: it is no inventory.",
                        "{count} other files were left out: they are no inventories.", others)
                )  # fmt: skip

        self.context.tasks.run(work, done, owner=self)

    def choose_stick(self) -> None:
        """Asks for a folder, such as a stick, and writes what scans computers where Terrier is not installed."""
        settings = self.context.workspace.settings
        found = ask_for_folder(settings, self, "stick", tr("Folder or stick for the agent and the scripts"))
        if found is not None:
            self.prepare_stick(found)

    def prepare_stick(self, folder: Path) -> None:
        """Writes a folder of its own into the folder, off the GUI thread."""
        target = folder / _STICK_FOLDER

        def work() -> None:
            from app.agent_folder import write_agent_folder

            write_agent_folder(target)

        self.context.tasks.run(work, lambda _: say_written(self.context.shell, target), owner=self)
