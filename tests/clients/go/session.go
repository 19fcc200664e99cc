// A session of the official Go SDK against an emulator on a port: all operations, the waiter, all pages, all zones
// and the typed errors.
//
//	session URL SECRET_KEY PROJECT_ID SERVER_ID
//
// Every result of the SDK is compared with the expected one. go.test.ts starts the emulator with the settings that
// the errors need, and reads its journal afterwards.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	flexibleip "github.com/scaleway/scaleway-sdk-go/api/flexibleip/v1alpha1"
	"github.com/scaleway/scaleway-sdk-go/scw"
)

const unknownID = "7c715b98-e683-493a-9e62-109d684e4348"

// emulator sends the requests of the SDK. While it waits, it moves the clock after a read, so that the next read
// sees the end of the transition.
type emulator struct {
	url       string
	isWaiting bool
	reads     int
}

func (e *emulator) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(request)
	if err == nil && e.isWaiting && request.Method == http.MethodGet && strings.Contains(request.URL.Path, "/fips/") {
		e.reads++
		e.control("POST", "clock", map[string]any{"advanceMs": 60_000})
	}
	return response, err
}

// control sends a request to the control paths of the emulator.
func (e *emulator) control(method, path string, body any) {
	text := must(json.Marshal(body))
	request := must(http.NewRequest(method, e.url+"/_emulator/"+path, bytes.NewReader(text)))
	response := must(http.DefaultTransport.RoundTrip(request))
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		fail("%s %s: %s", method, path, response.Status)
	}
}

func main() {
	url, secretKey, projectID, serverID := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	service := &emulator{url: url}
	api := flexibleip.NewAPI(newClient(service, secretKey, projectID))

	one := must(api.CreateFlexibleIP(&flexibleip.CreateFlexibleIPRequest{Description: "mail", Tags: []string{"a"}}))
	other := must(api.CreateFlexibleIP(&flexibleip.CreateFlexibleIPRequest{Description: "other"}))
	block := must(api.CreateFlexibleIP(&flexibleip.CreateFlexibleIPRequest{Description: "block", IsIPv6: true}))
	equal("status", one.Status, flexibleip.FlexibleIPStatusReady)
	equal("project", one.ProjectID, projectID)
	equal("address", one.IPAddress.String(), "195.154.141.1/32")
	equal("srn", one.Srn, "srn://flexible-ip.scw.eu/zones/fr-par-1/flexible-ips/"+one.ID)
	check("an IPv6 block", strings.HasSuffix(block.IPAddress.String(), "::/64"))

	equal("description", must(api.GetFlexibleIP(&flexibleip.GetFlexibleIPRequest{FipID: one.ID})).Description, "mail")
	update := &flexibleip.UpdateFlexibleIPRequest{FipID: one.ID, Description: scw.StringPtr("post"), Tags: &[]string{}}
	updated := must(api.UpdateFlexibleIP(update))
	equal("new description", updated.Description, "post")
	equal("number of tags", len(updated.Tags), 0)

	lists(api, projectID)
	attachments(service, api, one, other, block, serverID)
	refusals(service, api, one, other, block, projectID, serverID)
	fmt.Println("all steps passed")
}

// lists reads pages, all pages, all zones, and filters.
func lists(api *flexibleip.API, projectID string) {
	for range 4 {
		must(api.CreateFlexibleIP(&flexibleip.CreateFlexibleIPRequest{Tags: []string{"many"}}))
	}
	size := scw.Uint32Ptr(3)
	page := must(api.ListFlexibleIPs(&flexibleip.ListFlexibleIPsRequest{PageSize: size, Page: scw.Int32Ptr(3)}))
	equal("total", page.TotalCount, uint32(7))
	equal("items of the last page", len(page.FlexibleIPs), 1)
	all := must(api.ListFlexibleIPs(&flexibleip.ListFlexibleIPsRequest{PageSize: size}, scw.WithAllPages()))
	equal("items of all pages", len(all.FlexibleIPs), 7)

	tagged := &flexibleip.ListFlexibleIPsRequest{
		Tags:      []string{"many", "none"},
		Status:    []flexibleip.FlexibleIPStatus{flexibleip.FlexibleIPStatusReady, flexibleip.FlexibleIPStatusAttached},
		ProjectID: &projectID,
		OrderBy:   flexibleip.ListFlexibleIPsRequestOrderByCreatedAtDesc,
	}
	equal("tagged", must(api.ListFlexibleIPs(tagged)).TotalCount, uint32(4))
	attached := &flexibleip.ListFlexibleIPsRequest{Status: []flexibleip.FlexibleIPStatus{flexibleip.FlexibleIPStatusAttached}}
	equal("attached", must(api.ListFlexibleIPs(attached)).TotalCount, uint32(0))

	zones := api.Zones()
	for _, zone := range zones[1:] {
		must(api.CreateFlexibleIP(&flexibleip.CreateFlexibleIPRequest{Zone: zone}))
	}
	everywhere := must(api.ListFlexibleIPs(&flexibleip.ListFlexibleIPsRequest{PageSize: size}, scw.WithZones(zones...), scw.WithAllPages()))
	found := map[scw.Zone]int{}
	for _, ip := range everywhere.FlexibleIPs {
		found[ip.Zone]++
	}
	equal("zones", len(found), 6)
	equal("items of the first zone", found[scw.ZoneFrPar1], 7)
}

// attachments attaches, detaches, and makes, shares, moves and deletes MAC addresses.
func attachments(service *emulator, api *flexibleip.API, one, other, block *flexibleip.FlexibleIP, serverID string) {
	for _, ip := range []*flexibleip.FlexibleIP{one, other} {
		attach := &flexibleip.AttachFlexibleIPRequest{FipsIDs: []string{ip.ID}, ServerID: serverID}
		attached := must(api.AttachFlexibleIP(attach))
		equal("attached", attached.TotalCount, uint32(1))
		equal("status", attached.FlexibleIPs[0].Status, flexibleip.FlexibleIPStatusUpdating)
		if ip == one {
			_, err := api.AttachFlexibleIP(attach)
			refused[*scw.TransientStateError](err)
		}
		waited := wait(service, api, ip)
		equal("status", waited.Status, flexibleip.FlexibleIPStatusAttached)
		equal("server", *waited.ServerID, serverID)
	}
	filter := &flexibleip.ListFlexibleIPsRequest{ServerIDs: []string{serverID}}
	equal("on the server", must(api.ListFlexibleIPs(filter)).TotalCount, uint32(2))

	kvm := &flexibleip.GenerateMACAddrRequest{FipID: one.ID, MacType: flexibleip.MACAddressTypeKvm}
	mac := must(api.GenerateMACAddr(kvm)).MacAddress
	check("a MAC address of KVM", strings.HasPrefix(mac.MacAddress, "52:54:00:"))
	equal("MAC status", wait(service, api, one).MacAddress.Status, flexibleip.MACAddressStatusUsed)
	// The Terraform provider deletes a MAC address by the id of the MAC address, and takes the refusal for success.
	err := api.DeleteMACAddr(&flexibleip.DeleteMACAddrRequest{FipID: mac.ID})
	refused[*scw.ResourceNotFoundError](err)
	left := must(api.GetFlexibleIP(&flexibleip.GetFlexibleIPRequest{FipID: one.ID}))
	equal("MAC id", left.MacAddress.ID, mac.ID)
	duplicate := &flexibleip.DuplicateMACAddrRequest{FipID: other.ID, DuplicateFromFipID: one.ID}
	equal("MAC id", must(api.DuplicateMACAddr(duplicate)).MacAddress.ID, mac.ID)
	wait(service, api, other)

	done(api.DeleteMACAddr(&flexibleip.DeleteMACAddrRequest{FipID: other.ID}))
	check("no MAC address", wait(service, api, other).MacAddress == nil)
	detached := must(api.DetachFlexibleIP(&flexibleip.DetachFlexibleIPRequest{FipsIDs: []string{one.ID}}))
	equal("status", detached.FlexibleIPs[0].Status, flexibleip.FlexibleIPStatusDetaching)
	check("no server", wait(service, api, one).ServerID == nil)
	moved := must(api.MoveMACAddr(&flexibleip.MoveMACAddrRequest{FipID: one.ID, DstFipID: block.ID}))
	equal("destination", moved.ID, block.ID)
	equal("MAC id", moved.MacAddress.ID, mac.ID)
}

// refusals gets every error of the SDK that the service can cause.
func refusals(service *emulator, api *flexibleip.API, one, other, block *flexibleip.FlexibleIP, projectID, serverID string) {
	long := &flexibleip.CreateFlexibleIPRequest{Description: strings.Repeat("x", 256)}
	_, err := api.CreateFlexibleIP(long)
	equal("argument", refused[*scw.InvalidArgumentsError](err).Details[0].ArgumentName, "description")

	// The server has room for one more, and then for none.
	for _, ip := range []*flexibleip.FlexibleIP{one, block} {
		_, err = api.AttachFlexibleIP(&flexibleip.AttachFlexibleIPRequest{FipsIDs: []string{ip.ID}, ServerID: serverID})
		if ip == one {
			done(err)
			wait(service, api, one)
		}
	}
	equal("quota", refused[*scw.QuotasExceededError](err).Details[0].Quota, uint32(2))
	_, err = api.DuplicateMACAddr(&flexibleip.DuplicateMACAddrRequest{FipID: other.ID, DuplicateFromFipID: block.ID})
	refused[*scw.PreconditionFailedError](err)

	service.control("PUT", "status", map[string]string{"fipId": other.ID, "status": "locked"})
	equal("status", must(api.GetFlexibleIP(&flexibleip.GetFlexibleIPRequest{FipID: other.ID})).Status, flexibleip.FlexibleIPStatusLocked)
	refused[*scw.ResourceLockedError](api.DeleteFlexibleIP(&flexibleip.DeleteFlexibleIPRequest{FipID: other.ID}))

	done(api.DeleteFlexibleIP(&flexibleip.DeleteFlexibleIPRequest{FipID: block.ID}))
	_, err = api.GetFlexibleIP(&flexibleip.GetFlexibleIPRequest{FipID: block.ID})
	refused[*scw.PermissionsDeniedError](err)
	err = api.DeleteMACAddr(&flexibleip.DeleteMACAddrRequest{FipID: unknownID})
	equal("resource", refused[*scw.ResourceNotFoundError](err).Resource, "flexible_ips")
	_, err = api.GetFlexibleIP(&flexibleip.GetFlexibleIPRequest{FipID: unknownID})
	refused[*scw.ResourceExpiredError](err)

	// The zone has two addresses, and one is taken.
	full := &flexibleip.CreateFlexibleIPRequest{Zone: scw.ZoneNlAms2}
	must(api.CreateFlexibleIP(full))
	_, err = api.CreateFlexibleIP(full)
	refused[*scw.OutOfStockError](err)

	stranger := flexibleip.NewAPI(newClient(service, unknownID, projectID))
	_, err = stranger.ListFlexibleIPs(&flexibleip.ListFlexibleIPsRequest{})
	equal("reason", refused[*scw.DeniedAuthenticationError](err).Reason, "not_found")
	service.control("POST", "faults", map[string]any{"times": 1, "fault": "rateLimit"})
	_, err = api.ListFlexibleIPs(&flexibleip.ListFlexibleIPsRequest{})
	equal("status code", refused[*scw.ResponseError](err).StatusCode, 429)
}

func newClient(service *emulator, secretKey, projectID string) *scw.Client {
	return must(scw.NewClient(
		scw.WithAPIURL(service.url),
		scw.WithAuth("SCWXXXXXXXXXXXXXXXXX", secretKey),
		scw.WithDefaultProjectID(projectID),
		scw.WithDefaultZone(scw.ZoneFrPar1),
		scw.WithHTTPClient(&http.Client{Transport: service}),
	))
}

// wait waits with the SDK, for which one read is not enough.
func wait(service *emulator, api *flexibleip.API, ip *flexibleip.FlexibleIP) *flexibleip.FlexibleIP {
	service.isWaiting, service.reads = true, 0
	defer func() { service.isWaiting = false }()
	interval := time.Millisecond
	waited := must(api.WaitForFlexibleIP(&flexibleip.WaitForFlexibleIPRequest{FipID: ip.ID, RetryInterval: &interval}))
	equal("reads", service.reads, 2)
	return waited
}

// refused is the error as a type of the SDK.
func refused[Refusal error](err error) Refusal {
	var refusal Refusal
	if !errors.As(err, &refusal) {
		fail("found the error %T (%v), expected %T", err, err, refusal)
	}
	return refusal
}

func must[Value any](value Value, err error) Value {
	done(err)
	return value
}

func done(err error) {
	if err != nil {
		fail("%T: %v", err, err)
	}
}

func equal[Value comparable](what string, found, expected Value) {
	if found != expected {
		fail("%s: found %v, expected %v", what, found, expected)
	}
}

func check(what string, isTrue bool) {
	if !isTrue {
		fail("%s: not found", what)
	}
}

// fail ends the program with the stack, which names the step.
func fail(format string, values ...any) {
	panic(fmt.Sprintf(format, values...))
}
