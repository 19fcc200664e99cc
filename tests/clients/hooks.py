"""What no schema can say. schemathesis leaves such requests out."""

import schemathesis


@schemathesis.hook
def filter_case(context, case):
    return not empty_argument(case) and not same_ip_twice(case)


def empty_argument(case):
    """An empty argument is as good as none (allowEmptyValue), but an empty id is taken for a wrong one."""
    return "" in dict(case.query or {}).values()


def same_ip_twice(case):
    """The flexible IP of the path and the one that the body names must differ."""
    if not isinstance(case.body, dict):
        return False
    named = [case.body.get(name) for name in ("duplicate_from_fip_id", "dst_fip_id")]
    return dict(case.path_parameters or {}).get("fip_id") in [name for name in named if name]
