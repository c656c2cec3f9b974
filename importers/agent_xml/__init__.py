"""Inventories in XML, as FusionInventory's, OCS Inventory's and GLPI's older agents write them."""
