"""Facts of Facter (Puppet's) as an inventory."""
