"""An empty Qt window, ended as soon as it has been painted."""

import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow


class Painted(QObject):
    """Ends the program after the first paint."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watches for the paint event."""
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, QApplication.quit)
        return False


application = QApplication(sys.argv)
window = QMainWindow()
window.resize(1440, 900)
watcher = Painted()
window.installEventFilter(watcher)
window.show()
sys.exit(application.exec())
