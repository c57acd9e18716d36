package sandbox

type bankAccount struct{}
type Subscription struct{}
type parcel struct{}
