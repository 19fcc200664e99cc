#!/bin/bash
# The way of the official tools, as scripts on a keepalived event do it: list, detach, poll every 5 seconds, attach.
# Its variables: API, TOKEN, ZONE, ADDRESS, SERVER.
set -eu
call() { curl -sS -H "X-Auth-Token: $TOKEN" -H 'Content-Type: application/json' "$@"; }
fips="$API/flexible-ip/v1alpha1/zones/$ZONE/fips"
id=$(call "$fips?page_size=100" | jq -r --arg address "$ADDRESS" '.flexible_ips[] | select(.ip_address == $address) | .id')
status() { call "$fips/$id" | jq -r .status; }
if [ "$(call "$fips/$id" | jq -r .server_id)" != null ]; then
  call -X POST "$fips/detach" -d "{\"fips_ids\":[\"$id\"]}" > /dev/null
  while [ "$(status)" != ready ]; do sleep 5; done
fi
call -X POST "$fips/attach" -d "{\"fips_ids\":[\"$id\"],\"server_id\":\"$SERVER\"}" > /dev/null
