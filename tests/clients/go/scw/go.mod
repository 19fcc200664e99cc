module flexip.test/scw

go 1.26.3

require github.com/scaleway/scaleway-cli/v2 v2.60.0
