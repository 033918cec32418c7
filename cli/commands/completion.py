"""`folkmoot completion SHELL`: the script for tab completion."""

from typing import Annotated

import typer

from cli.call import Call
from cli.command import plain, single
from cli.group import COMPLETE
from cli.output import document
from engine.domain.errors import UsageError

app = single()
SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


@plain(app, "completion", example='eval "$(folkmoot completion bash)"')
def completion(
    call: Call, shell: Annotated[str, typer.Argument(help="bash, zsh, fish or powershell")]
) -> None:
    """The completion script of a shell, to be put into its start file."""
    from typer._completion_shared import get_completion_script

    if shell not in SHELLS:
        raise UsageError("FM-U080", shell=shell, known=", ".join(SHELLS))
    script = get_completion_script(prog_name="folkmoot", complete_var=COMPLETE, shell=shell)
    document.write(document.to_json({"shell": shell, "script": script}) if call.common.json else script)
