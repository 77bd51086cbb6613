package wsp

import (
	"fmt"
	"strings"
)

// ApplicationID is the registered number of the application that a push is for.
type ApplicationID uint32

// Applications of the OMNA registry.
const (
	AppAny             ApplicationID = 0x00
	AppPushSIA         ApplicationID = 0x01
	AppWMLUA           ApplicationID = 0x02 // the browser
	AppWTAUA           ApplicationID = 0x03
	AppMMSUA           ApplicationID = 0x04
	AppSyncML          ApplicationID = 0x05 // data synchronisation
	AppLocUA           ApplicationID = 0x06
	AppSyncMLDM        ApplicationID = 0x07
	AppDRMUA           ApplicationID = 0x08
	AppEMNUA           ApplicationID = 0x09
	AppWVUA            ApplicationID = 0x0a
	AppULPUA           ApplicationID = 0x10
	AppDLOTAUA         ApplicationID = 0x11
	AppJavaAMS         ApplicationID = 0x12
	AppBCastUA         ApplicationID = 0x13
	AppDPEUA           ApplicationID = 0x14
	AppCPMUA           ApplicationID = 0x15
	AppEVVMUA          ApplicationID = 0x16
	AppLwM2M           ApplicationID = 0x1a // bootstrap and registration of LwM2M
	AppMotorolaOTAProv ApplicationID = 0x8007
	AppOpenwaveIOTA    ApplicationID = 0x8010
	AppNECOTAProv      ApplicationID = 0x9001
	AppVodafoneOTAProv ApplicationID = 0x9011
)

var applicationNames = [...]struct {
	id   ApplicationID
	name string
}{
	{AppAny, "x-wap-application:*"},
	{AppPushSIA, "x-wap-application:push.sia"},
	{AppWMLUA, "x-wap-application:wml.ua"},
	{AppWTAUA, "x-wap-application:wta.ua"},
	{AppMMSUA, "x-wap-application:mms.ua"},
	{AppSyncML, "x-wap-application:push.syncml"},
	{AppLocUA, "x-wap-application:loc.ua"},
	{AppSyncMLDM, "x-wap-application:syncml.dm"},
	{AppDRMUA, "x-wap-application:drm.ua"},
	{AppEMNUA, "x-wap-application:emn.ua"},
	{AppWVUA, "x-wap-application:wv.ua"},
	{AppULPUA, "x-oma-application:ulp.ua"},
	{AppDLOTAUA, "x-oma-application:dlota.ua"},
	{AppJavaAMS, "x-oma-application:java-ams"},
	{AppBCastUA, "x-oma-application:bcast.ua"},
	{AppDPEUA, "x-oma-application:dpe.ua"},
	{AppCPMUA, "x-oma-application:cpm:ua"},
	{AppEVVMUA, "x-oma-application:evvm.ua"},
	{AppLwM2M, "x-wap-application:lwm2m.dm"},
	{AppMotorolaOTAProv, "x-motorola:otaprov.ua"},
	{AppOpenwaveIOTA, "x-wap-openwave:iota.ua"},
	{AppNECOTAProv, "x-oma-nec:otaprov.ua"},
	{AppVodafoneOTAProv, "x-oma-vodafone:otaprov.ua"},
}

// String is the URN of the application, or its number.
func (a ApplicationID) String() string {
	for i := range applicationNames {
		if applicationNames[i].id == a {
			return applicationNames[i].name
		}
	}
	return fmt.Sprintf("0x%02x", uint32(a))
}

// ParseApplicationID is the number of a URN, in any case.
func ParseApplicationID(urn string) (ApplicationID, bool) {
	for i := range applicationNames {
		if strings.EqualFold(applicationNames[i].name, urn) {
			return applicationNames[i].id, true
		}
	}
	return 0, false
}
