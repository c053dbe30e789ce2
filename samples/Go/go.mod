module sluice.dev/samples

go 1.19
