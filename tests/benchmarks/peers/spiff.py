"""SpiffWorkflow: a process of five manual tasks, its state serialised after each into one row."""

import json
import sqlite3
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState
from turn import STEPS, take_turns

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="five" id="five">
<process id="five" isExecutable="true"><startEvent id="start"/>
"""


def bpmn() -> str:
    nodes = ["start", *STEPS, "end"]
    tasks = "".join(f'<manualTask id="{step}" name="{step}"/>' for step in STEPS)
    flows = "".join(
        f'<sequenceFlow id="to_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(nodes)
    )
    return f'{HEAD}{tasks}<endEvent id="end"/>{flows}</process></definitions>'


def make(folder: Path) -> Callable[[], None]:
    (folder / "five.bpmn").write_text(bpmn())
    parser = BpmnParser()
    parser.add_bpmn_file(str(folder / "five.bpmn"))
    spec = parser.get_spec("five")
    serializer = BpmnWorkflowSerializer()
    connection = sqlite3.connect(folder / "spiff.db", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE w(id INTEGER PRIMARY KEY, state TEXT, body TEXT);"
    )
    count = 0

    def save(number: int, workflow: Any, *, new: bool) -> None:
        body = serializer.serialize_json(workflow)
        state = ", ".join(task.task_spec.name for task in workflow.get_tasks(state=TaskState.READY))
        connection.execute("BEGIN IMMEDIATE")
        if new:
            connection.execute("INSERT INTO w VALUES (?, ?, ?)", (number, state, body))
        else:
            connection.execute("UPDATE w SET state = ?, body = ? WHERE id = ?", (state, body, number))
        connection.execute("COMMIT")

    def one() -> None:
        nonlocal count
        count += 1
        workflow = BpmnWorkflow(spec)
        for step in STEPS:
            if step != STEPS[0]:
                (body,) = connection.execute("SELECT body FROM w WHERE id = ?", (count,)).fetchone()
                workflow = serializer.deserialize_json(body)
            workflow.do_engine_steps()
            (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
            if task.task_spec.name != step:
                raise ValueError(task.task_spec.name)
            task.run()
            workflow.do_engine_steps()
            save(count, workflow, new=step == STEPS[0])
        if not workflow.is_completed():
            raise ValueError(json.loads(serializer.serialize_json(workflow)))

    return one


if __name__ == "__main__":
    take_turns(make, "the whole workflow as JSON, in one row; no history, no key")
