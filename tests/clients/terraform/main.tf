# Two flexible IPs on a server, a MAC address, and the data sources. terraform.test.ts changes the variables.
terraform {
  required_providers {
    scaleway = {
      source  = "scaleway/scaleway"
      version = "2.82.0"
    }
  }
}

variable "server_id" {
  type = string
}

variable "description" {
  type    = string
  default = "mail"
}

variable "tags" {
  type    = list(string)
  default = ["a"]
}

variable "reverse" {
  type    = string
  default = null
}

variable "is_duplicated" {
  type    = bool
  default = false
}

variable "is_moved" {
  type    = bool
  default = false
}

resource "scaleway_flexible_ip" "mail" {
  description = var.description
  tags        = var.tags
  reverse     = var.reverse
  server_id   = var.server_id
}

resource "scaleway_flexible_ip" "web" {
  description = "web"
  server_id   = var.server_id
}

resource "scaleway_flexible_ip_mac_address" "virtual" {
  flexible_ip_id               = var.is_moved ? scaleway_flexible_ip.web.id : scaleway_flexible_ip.mail.id
  type                         = "kvm"
  flexible_ip_ids_to_duplicate = var.is_duplicated ? [scaleway_flexible_ip.web.id] : []
}

data "scaleway_flexible_ip" "by_id" {
  flexible_ip_id = scaleway_flexible_ip.mail.id
}

data "scaleway_flexible_ip" "by_address" {
  ip_address = scaleway_flexible_ip.mail.ip_address
}

data "scaleway_flexible_ips" "on_server" {
  server_ids = [var.server_id]
  depends_on = [scaleway_flexible_ip.mail, scaleway_flexible_ip.web]
}

output "found" {
  value = [data.scaleway_flexible_ip.by_id.ip_address, data.scaleway_flexible_ip.by_address.flexible_ip_id]
}

output "on_server" {
  value = length(data.scaleway_flexible_ips.on_server.ips)
}
