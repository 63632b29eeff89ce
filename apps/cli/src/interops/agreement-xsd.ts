/** Schema of an agreement as XML: a named profile of this project, no claim of conformity. */
export const AGREEMENT_XSD = `<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:c="urn:relais:interops:convention:1"
    targetNamespace="urn:relais:interops:convention:1" elementFormDefault="qualified">
  <xs:simpleType name="Texte"><xs:restriction base="xs:string"><xs:minLength value="1"/><xs:maxLength value="500"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="Mot"><xs:restriction base="xs:string"><xs:pattern value="[A-Za-z0-9][A-Za-z0-9._\\-]{0,63}"/></xs:restriction></xs:simpleType>
  <xs:complexType name="Certificat"><xs:simpleContent><xs:extension base="xs:base64Binary">
    <xs:attribute name="sujet" type="c:Texte" use="required"/>
    <xs:attribute name="autorite" type="c:Texte" use="required"/>
    <xs:attribute name="jusqua" type="xs:dateTime" use="required"/>
  </xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="Signataires"><xs:sequence>
    <xs:element name="Certificat" type="c:Certificat" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element name="Autorite" type="c:Texte" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element name="Sujet" type="c:Texte" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence><xs:attribute name="controleDn" type="xs:boolean" use="required"/></xs:complexType>

  <xs:element name="Convention"><xs:complexType><xs:sequence>
    <xs:element name="Libelle" type="c:Texte"/>
    <xs:element name="CodeClient" type="c:Mot"/>
    <xs:element name="Responsable" type="c:Texte"/>
    <xs:element name="TexteDeReference" type="c:Texte"/>
    <xs:element name="EnVigueur"><xs:complexType>
      <xs:attribute name="depuis" type="xs:dateTime" use="required"/>
      <xs:attribute name="jusqua" type="xs:dateTime" use="required"/>
    </xs:complexType></xs:element>
    <xs:element name="ViDuree" type="xs:positiveInteger"/>
    <xs:element name="ClasseAuthentification" type="xs:anyURI" maxOccurs="unbounded"/>
    <xs:element name="Pagm" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element name="Droit" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
        <xs:attribute name="flux" type="c:Mot" use="required"/>
        <xs:attribute name="objet" type="c:Mot"/>
      </xs:complexType></xs:element>
    </xs:sequence>
      <xs:attribute name="nom" type="c:Mot" use="required"/>
      <xs:attribute name="role" type="c:Mot"/>
    </xs:complexType></xs:element>
    <xs:element name="Fournisseur" minOccurs="0"><xs:complexType><xs:sequence>
      <xs:element name="Emetteur" type="xs:anyURI"/>
      <xs:element name="Destinataire" type="xs:anyURI"/>
      <xs:element name="Service" type="xs:anyURI" maxOccurs="unbounded"/>
      <xs:element name="Signataires" type="c:Signataires"/>
    </xs:sequence>
      <xs:attribute name="corpsSigne" type="xs:boolean" use="required"/>
      <xs:attribute name="corpsChiffre" type="xs:boolean" use="required"/>
    </xs:complexType></xs:element>
    <xs:element name="Client" minOccurs="0"><xs:complexType><xs:sequence>
      <xs:element name="Adresse" type="xs:anyURI"/>
      <xs:element name="Service" type="xs:anyURI"/>
      <xs:element name="Destinataire" type="xs:anyURI"/>
      <xs:element name="Idp"><xs:complexType>
        <xs:attribute name="nom" type="c:Mot" use="required"/>
        <xs:attribute name="version" type="c:Mot" use="required"/>
      </xs:complexType></xs:element>
      <xs:element name="SignatairesDesReponses" type="c:Signataires" minOccurs="0"/>
      <xs:element name="Chiffrement" type="c:Certificat" minOccurs="0"/>
      <xs:element name="Releve" type="xs:positiveInteger" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="Portail" minOccurs="0"><xs:complexType><xs:sequence>
      <xs:element name="Service" type="xs:anyURI"/>
      <xs:element name="Origine" type="xs:anyURI" maxOccurs="unbounded"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="Algorithmes"><xs:complexType><xs:sequence>
      <xs:element name="Signature" type="xs:anyURI" maxOccurs="unbounded"/>
      <xs:element name="Chiffrement" type="xs:anyURI" maxOccurs="unbounded"/>
      <xs:element name="Exception" minOccurs="0" maxOccurs="2"><xs:complexType>
        <xs:attribute name="algorithme" type="xs:anyURI" use="required"/>
        <xs:attribute name="jusqua" type="xs:dateTime" use="required"/>
      </xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence>
    <xs:attribute name="partenaire" type="c:Mot" use="required"/>
    <xs:attribute name="version" type="c:Mot" use="required"/>
    <xs:attribute name="statut" use="required"><xs:simpleType><xs:restriction base="xs:string">
      <xs:enumeration value="active"/><xs:enumeration value="suspended"/>
    </xs:restriction></xs:simpleType></xs:attribute>
    <xs:attribute name="sens" use="required"><xs:simpleType><xs:restriction base="xs:string">
      <xs:enumeration value="client"/><xs:enumeration value="provider"/><xs:enumeration value="both"/>
    </xs:restriction></xs:simpleType></xs:attribute>
  </xs:complexType></xs:element>
</xs:schema>
`;
