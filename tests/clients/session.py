"""A session of the official Python SDK against an emulator on a port: all operations and the waiter.

python session.py scaleway|scaleway_async URL SECRET_KEY PROJECT_ID SERVER_ID

Whatever the SDK says is compared with what is expected, and with what the emulator holds.
"""

import asyncio
import importlib
import inspect
import json
import sys
import threading
import urllib.request

package, url, secret_key, project_id, server_id = sys.argv[1:]
NOBODY = "7c715b98-e683-493a-9e62-109d684e4348"

sdk = importlib.import_module(package)
flexibleip = importlib.import_module(f"{package}.flexibleip.v1alpha1")
waiter = importlib.import_module("scaleway_core.utils.waiter")


def control(method, path, body=None):
    """The emulator's own side."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/_emulator/{path}", data=data, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def held(ip_id):
    return control("GET", "snapshot")["state"]["ips"].get(ip_id)


def reads():
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
    """Calls a method of either SDK: one gives the result, the other a promise of it."""
    result = getattr(api, name)(**arguments)
    return await result if inspect.isawaitable(result) else result


async def refused(name, **arguments):
    try:
        await call(name, **arguments)
    except sdk.ScalewayException as error:
        return error.status_code
    except ValueError as error:
        return type(error).__name__
    raise AssertionError(f"{name} was not refused")


def same(found, expected):
    assert found == expected, f"found {found!r}, expected {expected!r}"


async def main():
    one = await call("create_flexible_ip", description="mail", is_ipv6=False, tags=["a"])
    other = await call("create_flexible_ip", description="other", is_ipv6=False)
    block = await call("create_flexible_ip", description="block", is_ipv6=True)
    same((one.status, one.project_id, one.ip_address), ("ready", project_id, "195.154.141.1"))
    assert block.ip_address.endswith("::/64"), block.ip_address
    same(held(one.id)["tags"], ["a"])

    same((await call("get_flexible_ip", fip_id=one.id)).description, "mail")
    same((await call("update_flexible_ip", fip_id=one.id, description="post", tags=[])).tags, [])
    same(held(one.id)["description"], "post")

    page = await call("list_flexible_i_ps", page_size=2)
    same((page.total_count, len(page.flexible_ips)), (3, 2))
    every = await call("list_flexible_i_ps_all", page_size=2)
    same(sorted(ip.id for ip in every), sorted([one.id, other.id, block.id]))

    await attach(one)
    await attach(other)
    mac = (await call("generate_mac_addr", fip_id=one.id, mac_type="kvm")).mac_address
    assert mac.mac_address.startswith("52:54:00:"), mac.mac_address
    await settle(one)
    same((await call("duplicate_mac_addr", fip_id=other.id, duplicate_from_fip_id=one.id)).mac_address.id, mac.id)
    await settle(other)
    same(held(other.id)["mac_id"], mac.id)

    same(await call("delete_mac_addr", fip_id=other.id), None)
    await settle(other)
    same(held(other.id).get("mac_id"), None)
    detached = await call("detach_flexible_ip", fips_ids=[one.id])
    same(detached.flexible_ips[0].status, "detaching")
    await settle(one)
    same(held(one.id).get("server_id"), None)
    same((await call("move_mac_addr", fip_id=one.id, dst_fip_id=block.id)).id, block.id)
    same(held(block.id)["mac_id"], mac.id)
    same(await call("delete_flexible_ip", fip_id=block.id), None)
    same(held(block.id), None)

    same(await refused("get_flexible_ip", fip_id=block.id), 403)
    same(await refused("delete_mac_addr", fip_id=NOBODY), 404)
    same(await refused("create_flexible_ip", description="x" * 256, is_ipv6=False), 400)
    # The gateway's 429 has no body, which these SDKs do not expect.
    control("POST", "faults", {"times": 1, "fault": "rateLimit"})
    same(await refused("list_flexible_i_ps"), "JSONDecodeError")


async def attach(ip):
    """Attaches, and lets the SDK wait: time goes on only when it has looked once."""
    attached = await call("attach_flexible_ip", fips_ids=[ip.id], server_id=server_id)
    same((attached.total_count, attached.flexible_ips[0].status), (1, "updating"))
    before = reads()

    def go_on():
        while reads() == before:
            pass
        control("POST", "clock", {"advanceMs": 60_000})

    clock = threading.Thread(target=go_on)
    clock.start()
    options = waiter.WaitForOptions(max_delay=1)
    waited = await call("wait_for_flexible_ip", fip_id=ip.id, options=options)
    clock.join()
    same((waited.status, waited.server_id), ("attached", server_id))
    assert reads() > before + 1, "it looked once only"


async def settle(ip):
    """Lets happen what is due."""
    control("POST", "clock", {"advanceMs": 60_000})
    await call("get_flexible_ip", fip_id=ip.id)


asyncio.run(main())
