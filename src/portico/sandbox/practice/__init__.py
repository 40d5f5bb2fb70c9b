"""The practice management system: versions, a status machine, two ways of paging, child records."""
