"""An operator at the other side of a process boundary, on the same `TaskContext`.

The parent half (`run`, `doors`) hands the child the names of the app and the operator, the task
with its events, and the app's settings; then it answers what the child asks. The child half
(`child`, `context`, `objects`) builds the app's resources, once in each process, and runs the
operator. What the operator writes and emits waits in the child and comes back with its result.

What a child can do is what the doors allow for this one task, whatever its code does: requests are
typed data (`requests`), values are built from a closed list of types and the app's `model`
(`values`), functions are named and must be the app's `store` (`functions`), errors are rebuilt only
from classes that are loaded already (`failures`). Nothing is unpickled.
"""

from headgate.core.work.remote.failures import ChildCrashed, RemoteError
from headgate.core.work.remote.functions import DoorRefused
from headgate.core.work.remote.run import run_operator_remotely

__all__ = ["ChildCrashed", "DoorRefused", "RemoteError", "run_operator_remotely"]
