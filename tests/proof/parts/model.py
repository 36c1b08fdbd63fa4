"""The model: the flows that it should hold in, and the rules that must be missed."""

from proof.model.explore import explore
from proof.model.flows import LONG, USUAL
from proof.model.left_out import LEFT_OUT
from proof.parts import Finding, Plan


def look(plan: Plan) -> Finding:
    states, faults = 0, []
    for name, flow in (USUAL | LONG if plan.long else USUAL).items():
        found = explore(flow)
        states += found.states
        plan.say(f"{name}: {found}")
        if found.broken is not None:
            faults.append(f"In {name} {found}")
    caught = 0
    for name, without in LEFT_OUT.items():
        found = explore(without.flow, without.rules, forgive=without.forgive)
        states += found.states
        if found.broken == without.breaks:
            caught += 1
        else:
            faults.append(f"A rule is not missed, {name}: {found}")
    plan.say(f"{caught} of {len(LEFT_OUT)} rules were missed when they were left out")
    return Finding({"states": states, "mutants": len(LEFT_OUT), "caught": caught}, faults)
