"""The pure core of Từng Nhà, used by the phone and the server alike: no clock, disk, network, Flet or SQL in here."""
