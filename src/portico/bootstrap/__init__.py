"""The composition root: settings become modules, vendors, transports, stores, façades, an app."""
