Feature: A dispute of many
  Forty villagers against one contractor are one case, but nobody consents or signs for another. Who refuses what
  the others agreed is not bound by it and goes on in a case of his own.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: all_consent - each of many consents for himself
    Scenario: Thirty-nine of forty are not all
      Given 40 villagers and Bram are waiting for consent
      When all but the last villager and Bram consent
      Then the case is "Waiting for consent"

    Scenario: The fortieth
      Given 40 villagers and Bram are waiting for consent
      When all 40 villagers and Bram consent
      Then the case is "Accepted"
      And there are 41 consents on file

  Rule: split_off - those who refuse go on in a case of their own, the rest is bound
    Scenario: Two of forty do not sign
      Given 40 villagers and Bram have agreed before Ma
      And all have signed but the last 2 villagers
      When Ma splits off the last 2 villagers
      Then the case is "Being performed"
      And 38 villagers and Bram take part in it
      And 2 villagers and Bram take part in a new case "Reported"
      And each of the two cases names the other

    Scenario: Not everybody can be split off
      Given 40 villagers and Bram have agreed before Ma
      When Ma splits off the last 40 villagers
      Then it is refused because "is the last Claimant"

  Rule: representatives - a side of many speaks through five at most
    Scenario: A sixth of one side
      Given 40 villagers and Bram are waiting for consent
      And the first 5 villagers are named to speak for their side
      When Wang names villager 6 to speak as well
      Then it is refused because "At most 5 of the side Claimant"

    Scenario: One in the place of another
      Given 40 villagers and Bram are waiting for consent
      And the first 5 villagers are named to speak for their side
      And villager 5 speaks for it no more
      When Wang names villager 6 to speak as well
      Then villagers 1, 2, 3, 4 and 6 speak for their side
