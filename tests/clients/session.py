"""A session of the official Python SDK against an emulator on a port: all operations and the waiter.

python session.py scaleway|scaleway_async URL SECRET_KEY PROJECT_ID SERVER_ID

Every result of the SDK is compared with the expected one and with the state of the emulator.
"""

import asyncio
import importlib
import inspect
import json
import sys
import threading
import urllib.request

package, url, secret_key, project_id, server_id = sys.argv[1:]
UNKNOWN_ID = "7c715b98-e683-493a-9e62-109d684e4348"

sdk = importlib.import_module(package)
flexibleip = importlib.import_module(f"{package}.flexibleip.v1alpha1")
waiter = importlib.import_module("scaleway_core.utils.waiter")


def control(method, path, body=None):
    """Sends a request to the control paths of the emulator."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/_emulator/{path}", data=data, method=method)
    with urllib.request.urlopen(request) as response:
        text = response.read()
    return json.loads(text) if text else None


def stored(ip_id):
    return control("GET", "snapshot")["state"]["ips"].get(ip_id)


def count_reads():
    return sum(entry["operation"] == "getFlexibleIP" for entry in control("GET", "journal"))


client = sdk.Client(
    api_url=url,
    access_key="SCWXXXXXXXXXXXXXXXXX",
    secret_key=secret_key,
    default_project_id=project_id,
    default_zone="fr-par-1",
)
api = flexibleip.FlexibleipV1Alpha1API(client)


async def call(name, **arguments):
    """Calls a method of either SDK. Those of scaleway_async return a coroutine."""
    result = getattr(api, name)(**arguments)
    return await result if inspect.isawaitable(result) else result


async def refusal_of(name, **arguments):
    try:
        await call(name, **arguments)
    except sdk.ScalewayException as error:
        return error.status_code
    except ValueError as error:
        return type(error).__name__
    raise AssertionError(f"{name} was not refused")


def assert_equal(found, expected):
    assert found == expected, f"found {found!r}, expected {expected!r}"


async def main():
    one = await call("create_flexible_ip", description="mail", is_ipv6=False, tags=["a"])
    other = await call("create_flexible_ip", description="other", is_ipv6=False)
    block = await call("create_flexible_ip", description="block", is_ipv6=True)
    assert_equal((one.status, one.project_id, one.ip_address), ("ready", project_id, "195.154.141.1"))
    assert block.ip_address.endswith("::/64"), block.ip_address
    assert_equal(stored(one.id)["tags"], ["a"])

    assert_equal((await call("get_flexible_ip", fip_id=one.id)).description, "mail")
    assert_equal((await call("update_flexible_ip", fip_id=one.id, description="post", tags=[])).tags, [])
    assert_equal(stored(one.id)["description"], "post")

    page = await call("list_flexible_i_ps", page_size=2)
    assert_equal((page.total_count, len(page.flexible_ips)), (3, 2))
    listed = await call("list_flexible_i_ps_all", page_size=2)
    assert_equal(sorted(ip.id for ip in listed), sorted([one.id, other.id, block.id]))

    await attach(one)
    await attach(other)
    mac = (await call("generate_mac_addr", fip_id=one.id, mac_type="kvm")).mac_address
    assert mac.mac_address.startswith("52:54:00:"), mac.mac_address
    await settle(one)
    assert_equal((await call("duplicate_mac_addr", fip_id=other.id, duplicate_from_fip_id=one.id)).mac_address.id, mac.id)
    await settle(other)
    assert_equal(stored(other.id)["mac_id"], mac.id)

    assert_equal(await call("delete_mac_addr", fip_id=other.id), None)
    await settle(other)
    assert_equal(stored(other.id).get("mac_id"), None)
    detached = await call("detach_flexible_ip", fips_ids=[one.id])
    assert_equal(detached.flexible_ips[0].status, "detaching")
    await settle(one)
    assert_equal(stored(one.id).get("server_id"), None)
    assert_equal((await call("move_mac_addr", fip_id=one.id, dst_fip_id=block.id)).id, block.id)
    assert_equal(stored(block.id)["mac_id"], mac.id)
    assert_equal(await call("delete_flexible_ip", fip_id=block.id), None)
    assert_equal(stored(block.id), None)

    assert_equal(await refusal_of("get_flexible_ip", fip_id=block.id), 403)
    assert_equal(await refusal_of("delete_mac_addr", fip_id=UNKNOWN_ID), 404)
    assert_equal(await refusal_of("create_flexible_ip", description="x" * 256, is_ipv6=False), 400)
    # The 429 of the gateway has no body, and these SDKs fail to parse that.
    control("POST", "faults", {"times": 1, "fault": "rateLimit"})
    assert_equal(await refusal_of("list_flexible_i_ps"), "JSONDecodeError")


async def attach(ip):
    """Attaches, and waits with the SDK. The clock moves after its first poll."""
    attached = await call("attach_flexible_ip", fips_ids=[ip.id], server_id=server_id)
    assert_equal((attached.total_count, attached.flexible_ips[0].status), (1, "updating"))
    before = count_reads()

    def advance_clock():
        while count_reads() == before:
            pass
        control("POST", "clock", {"advanceMs": 60_000})

    clock = threading.Thread(target=advance_clock)
    clock.start()
    options = waiter.WaitForOptions(max_delay=1)
    waited = await call("wait_for_flexible_ip", fip_id=ip.id, options=options)
    clock.join()
    assert_equal((waited.status, waited.server_id), ("attached", server_id))
    assert count_reads() > before + 1, "it polled only once"


async def settle(ip):
    """Completes the transition of a flexible IP."""
    control("POST", "clock", {"advanceMs": 60_000})
    await call("get_flexible_ip", fip_id=ip.id)


asyncio.run(main())
