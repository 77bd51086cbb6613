package iota

// Object is what a method reads or writes. Names beside those of the dialect's
// table are kept: configuration may know more, and a client answers UnknownObject.
type Object string

// The objects of the client whose code is public. ".." marks an index.
const (
	ObjectIS683            Object = "phone:cdma.is683"        // a forward message of OTASP
	ObjectIS683Result      Object = "phone:cdma.is683.result" // the reverse message that answers it
	ObjectPRL              Object = "phone:cdma.prl"          // chunks; takes effect at commit
	ObjectStorageAvailable Object = "phone:prl.storage.available"
	ObjectMDN              Object = "phone:cdma.nam.mdn"
	ObjectMSID             Object = "phone:cdma.nam.msid"
	ObjectBootURL          Object = "phone:boot.url"    // where an initial session begins
	ObjectBootNAIURL       Object = "phone:boot.naiurl" // where a subsequent one does
	ObjectNAI              Object = "phone:nai.current"
	ObjectOEM              Object = "phone:oem"
	ObjectModel            Object = "phone:model"
	ObjectSoftware         Object = "phone:version.software"
	ObjectPSAVersion       Object = "phone:psa.version"
	ObjectHomepage         Object = "phone:homepage"
	ObjectProxyAddress     Object = "phone:proxy..0.address..0.wdp" // a WDPAddress
	ObjectTrusted          Object = "browser:domain.trusted"        // scheme:host or scheme:.suffix, a list
	ObjectBrowserReset     Object = "browser:reset"
	ObjectReset            Object = "phone:reset"
	ObjectRestartSession   Object = "phone:restartsession"
)

// Access says which methods an object has.
type Access uint8

// The kinds of access.
const (
	ReadOnly Access = 1 << iota
	WriteOnly
	ReadWrite = ReadOnly | WriteOnly
)

// Allows tells whether a method of that name may have such an object.
func (a Access) Allows(n Name) bool {
	return n == NameRead && a&ReadOnly != 0 || n == NameWrite && a&WriteOnly != 0
}

// Kind is what the content of an object is.
type Kind uint8

// The kinds. An Action is written without a value.
const (
	Text   Kind = iota + 1
	Binary      // a part, or octets behind a URL
	Action
)

// ObjectInfo is a line of the table of objects. Only the access of ObjectPRL and
// ObjectIS683Result is certain, the others have that of their use; the sizes are
// those of another client. To hold methods against it is the caller's.
type ObjectInfo struct {
	Object Object
	Theirs string // the name in documents
	Access Access
	Kind   Kind
	Max    int  // octets; 0 is not known
	Secret bool // nothing of it is shown
}

// objects is the table. The forward message may hold a service programming code,
// the reverse one keys.
func objects() []ObjectInfo {
	all := []ObjectInfo{
		{Object: ObjectIS683, Access: WriteOnly, Kind: Binary, Max: 64 << 10, Secret: true},
		{Object: ObjectIS683Result, Access: ReadOnly, Kind: Binary, Secret: true},
		{Object: ObjectPRL, Access: WriteOnly, Kind: Binary, Max: 64 << 10},
		{Object: ObjectStorageAvailable, Access: ReadOnly, Kind: Text},
		{Object: ObjectMDN, Access: ReadOnly, Kind: Text},
		{Object: ObjectMSID, Access: ReadOnly, Kind: Text},
		{Object: ObjectBootURL, Access: ReadWrite, Kind: Text, Max: 128},
		{Object: ObjectBootNAIURL, Access: ReadWrite, Kind: Text},
		{Object: ObjectNAI, Access: ReadWrite, Kind: Text},
		{Object: ObjectOEM, Access: ReadOnly, Kind: Text},
		{Object: ObjectModel, Access: ReadOnly, Kind: Text},
		{Object: ObjectSoftware, Access: ReadOnly, Kind: Text},
		{Object: ObjectPSAVersion, Access: ReadOnly, Kind: Text, Max: 65},
		{Object: ObjectHomepage, Access: WriteOnly, Kind: Text},
		{Object: ObjectProxyAddress, Access: WriteOnly, Kind: Text},
		{Object: ObjectTrusted, Access: WriteOnly, Kind: Text},
		{Object: ObjectBrowserReset, Access: WriteOnly, Kind: Action},
		{Object: ObjectReset, Access: WriteOnly, Kind: Action},
		{Object: ObjectRestartSession, Access: WriteOnly, Kind: Action},
	}
	for i := range all {
		all[i].Theirs = string(all[i].Object)
	}
	return all
}

// secret tells whether the content of an object is not to be shown: what is not
// in the table may be a password.
func (d *Dialect) secret(o Object) bool {
	info, known := d.Object(o)
	return !known || info.Secret
}
